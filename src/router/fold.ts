/** Folding reads a path in the most generous way that any origin might: what stays distinct here is distinct. */

/** `/API//Profile.;x/%2e` and `/api/profile` fold to the same. Never throws. */
export function foldPath(path: string): string {
  // Most paths fold to themselves.
  if (/^(?:\/[a-z0-9_-]+)+$/.test(path)) return path;
  let text = path;
  // Twice: some stacks decode once in the proxy and once more in the application.
  for (let i = 0; i < 2 && text.includes('%'); i++) text = decodePercent(text);
  const segments = text
    .toLowerCase()
    .replaceAll('\\', '/')
    .split('/')
    .map((segment) => segment.replace(/[;\0].*$/s, '').replace(/[.\s]+$/, ''))
    .filter((segment) => segment !== '');
  return `/${segments.join('/')}`;
}

/** A pattern in the same folding: literal text in lower case, params and constraints as they are. */
export function foldPattern(pattern: string): string {
  return pattern.replace(/\([^)]*\)|:\w+|[^(:]+/g, (part) =>
    part.startsWith('(') || part.startsWith(':') ? part : part.toLowerCase(),
  );
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
