import { decodePercent } from '../http/percent.ts';

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
    .map((segment) => segment.replace(/[;\0].*$/s, ''))
    .map(withoutDots)
    .filter((segment) => segment !== '');
  return `/${segments.join('/')}`;
}

/** Without dots and white space at its end, which Windows drops. A regular expression would take quadratic time on dots. */
function withoutDots(segment: string): string {
  let end = segment.length;
  while (end > 0 && /[.\s]/.test(segment[end - 1] ?? '')) end--;
  return segment.slice(0, end);
}

/** A pattern in the same folding: literal text in lower case, params and constraints as they are. */
export function foldPattern(pattern: string): string {
  return pattern.replace(/\([^)]*\)|:\w+|[^(:]+/g, (part) =>
    part.startsWith('(') || part.startsWith(':') ? part : part.toLowerCase(),
  );
}
