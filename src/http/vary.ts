import type { Fields } from './fields.ts';

/** Names fields in `Vary` that are not named there yet; beside `*` nothing has to be. */
export function addVary(headers: Fields, fields: readonly string[]): void {
  if (fields.length === 0) return;
  const present = headers.get('vary');
  if (present === null || present === '') {
    headers.set('vary', fields.join(', '));
    return;
  }
  const known = new Set(present.split(',').map((field) => field.trim().toLowerCase()));
  const missing = fields.filter((field) => !known.has(field.toLowerCase()));
  if (missing.length > 0 && !known.has('*')) headers.set('vary', [present, ...missing].join(', '));
}
