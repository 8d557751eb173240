/** Why nobody answered, in a line that quotes nothing that was sent. */
export function unreachableReason(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time: --timeout';
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? `no answer (${error.name})` : `no answer (${code})`;
}
