/** A document instead of its text. Two of them, or one beside a text, could be read differently by an origin. */
export const ID_MEMBERS = ['documentId', 'id'] as const;
export const MEMBERS = new Set<string>(['query', 'operationName', 'variables', 'extensions', ...ID_MEMBERS]);
/** The same without regard to how they are spelt: by {@link folded}. */
const FOLDED = new Set([...MEMBERS].map(folded));
/** What servers take in the place of `query`, by {@link folded}. */
const DOCUMENTS = new Set([
  'docid',
  'hash',
  'mutation',
  'operations',
  'operationid',
  'persistedquery',
  'queryhash',
  'queryid',
]);

/** Whether a member of a body competes: also by another way to name the document. */
export function competesInBody(name: string): boolean {
  return competes(name) || DOCUMENTS.has(folded(name));
}

/** Whether there is more in a parameter for those who split at `;` too. */
export function hides(parameter: string): boolean {
  if (!parameter.includes(';')) return false;
  return parameter
    .split(';')
    .slice(1)
    .some((part) => {
      const name = nameIn(part);
      return name !== null && (MEMBERS.has(name) || competes(name));
    });
}

/** The name of a parameter; null: it cannot be decoded. */
export function nameIn(parameter: string): string | null {
  return decodeParameter(parameter.split('=', 1)[0] ?? '');
}

/**
 * Whether a server may take another name for one of GraphQL's: Go's JSON ignores case (and takes `ſ` for `s`), PHP takes `query[]`
 * for `query`.
 */
export function competes(name: string | null): boolean {
  if (name === null || MEMBERS.has(name)) return false;
  return FOLDED.has(folded(name));
}

function folded(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('\u017f', 's')
    .replaceAll('\u212a', 'k')
    .replace(/[^a-z]/g, '');
}

export function decodeParameter(raw: string): string | null {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
