/** For an option that may be repeated: commander hands in what came before. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
