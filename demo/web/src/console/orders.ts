/**
 * The body of `POST /.edge/purge`. A scope's values stand behind its name: `team acme member`.
 *
 * @throws {Error} for a scope without a value.
 */
export function purgeOrder(fields: FormData): object {
  const words = String(fields.get('which') ?? '')
    .trim()
    .split(/\s+/);
  const soft = fields.get('soft') === 'on';
  const [first = '', ...rest] = words;
  switch (fields.get('kind')) {
    case 'keys':
      return { keys: words, soft };
    case 'route':
      return { route: first, soft };
    default:
      if (rest.length === 0) throw new Error('The scope and its value: user 42');
      return { scope: first, values: rest, soft };
  }
}

/**
 * The body of `POST /.edge/explain`.
 *
 * @throws {Error} for a line that is no header.
 */
export function explainOrder(fields: FormData): object {
  const lines = String(fields.get('headers') ?? '').split('\n');
  const headers: Record<string, string> = {};
  for (const line of lines.map((text) => text.trim()).filter((text) => text !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`A header is written “Name: value”: ${line}`);
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method: fields.get('method'), path: fields.get('path'), headers };
}
