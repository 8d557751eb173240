/**
 * The body of `POST /.edge/purge` that asks which keys it would be. A scope's values stand behind its name: `team acme member`.
 *
 * @throws {Error} for a scope without a value.
 */
export function purgeOrder(fields: FormData): object {
  const words = String(fields.get('which') ?? '')
    .trim()
    .split(/\s+/);
  const [first = '', ...rest] = words;
  switch (fields.get('kind')) {
    case 'keys':
      return { keys: words, dryRun: true };
    case 'entity':
      if (rest.length !== 1) throw new Error('The type and its id: Todo 42');
      return { type: first, id: rest[0], dryRun: true };
    case 'route':
      return { route: first, dryRun: true };
    default:
      if (rest.length === 0) throw new Error('The scope and its value: user 42');
      return { scope: first, values: rest, dryRun: true };
  }
}

/**
 * The body of `POST /.edge/explain`. Without a status and headers of the origin's answer its arithmetic is not asked for.
 *
 * @throws {Error} for a line that is no header.
 */
export function explainOrder(fields: FormData): object {
  const responseHeaders = headersOf(fields.get('responseHeaders'));
  const status = Number(fields.get('status') || 0);
  return {
    method: fields.get('method'),
    path: fields.get('path'),
    headers: headersOf(fields.get('headers')),
    ...(status === 0 ? {} : { status }),
    ...(Object.keys(responseHeaders).length === 0 ? {} : { responseHeaders }),
    ...(fields.get('showValues') === 'on' ? { showValues: true } : {}),
  };
}

/** `Name: value` on each line; a name on several lines has several values. */
function headersOf(text: FormDataEntryValue | null): Record<string, string | string[]> {
  const headers = new Map<string, string[]>();
  for (const line of String(text ?? '').split('\n')) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`A header is written “Name: value”: ${line.trim()}`);
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return Object.fromEntries(
    [...headers].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
