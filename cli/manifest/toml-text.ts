import type { TomlTable, TomlValue } from 'smol-toml';

/** A name in a path of keys: bare where TOML allows it. */
export function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : stringText(key);
}

export function keyPathText(path: readonly string[]): string {
  return path.map(keyText).join('.');
}

/** A value on one line. */
export function valueText(value: TomlValue): string {
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value === 'object' && !(value instanceof Date)) {
    const pairs = Object.entries(value).map(([key, item]) => `${keyText(key)} = ${valueText(item)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  return String(value);
}

/** The lines of a table's own values, without its header. */
export function bodyLines(table: TomlTable): string[] {
  return Object.entries(table).map(([key, value]) => `${keyText(key)} = ${valueText(value)}`);
}

/** JSON in apostrophes, so that it can be read; TOML has the escapes of JSON for the rest. */
function stringText(text: string): string {
  if (text.includes('"') && /^[ -&(-~]*$/.test(text)) return `'${text}'`;
  return JSON.stringify(text).replaceAll('\x7f', '\\u007f');
}
