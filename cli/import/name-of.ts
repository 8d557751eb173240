/** A name as a policy takes it: a lower case letter, then letters, digits, `_` or `-`, 32 at most, and none that is taken. */
export function nameOf(text: string, taken: Iterable<string>, otherwise = 'route'): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 28);
  const used = new Set([...taken, ...RESERVED]);
  const base = plain === '' ? otherwise : plain;
  if (!used.has(base)) return base;
  let count = 2;
  while (used.has(`${base}_${count}`)) count++;
  return `${base}_${count}`;
}

/** Names with a meaning of their own in a policy. */
const RESERVED = ['default', 'route', 'url', 'type', 'edge'];
