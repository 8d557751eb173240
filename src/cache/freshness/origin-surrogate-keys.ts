const MAX_KEY_BYTES = 1024;
const MAX_FIELD_BYTES = 16_384;

/** The origin's own surrogate keys, in the order given, without what the platform would refuse. */
export function originSurrogateKeys(field: string | null): readonly string[] {
  if (field === null) return [];
  const keys = field.slice(0, MAX_FIELD_BYTES).split(/\s+/);
  return [...new Set(keys)].filter((key) => key.length <= MAX_KEY_BYTES && /^[\u0021-\u007e]+$/.test(key));
}
