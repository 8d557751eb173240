/** A JWT, or the beginning of one. */
const TOKEN = /eyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,2}/g;

/** A text in which the values stand under their names, the longest first, and a token is no token any more. */
export function withoutSecrets(text: string, values: Readonly<Record<string, readonly string[]>>): string {
  const named = Object.entries(values)
    .flatMap(([name, all]) => all.filter((value) => value !== '').map((value) => [name, value] as const))
    .sort((a, b) => b[1].length - a[1].length);
  let clean = text.replace(TOKEN, '<token>');
  for (const [name, value] of named) clean = clean.replaceAll(value, `<${name}>`);
  return clean;
}
