import { OperatorForm } from './operator-form.tsx';

/** `POST /.edge/explain`: what the service would do with a request, without doing it. */
export function ExplainForm({ consoleKey }: { readonly consoleKey: string | null }) {
  return (
    <OperatorForm title="Explain" task="explain" consoleKey={consoleKey} order={explainOrder}>
      <label>
        Method
        <select name="method">
          {['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => (
            <option key={method}>{method}</option>
          ))}
        </select>
      </label>
      <label>
        Path, with its query
        <input name="path" defaultValue="/api/orders" required autoComplete="off" />
      </label>
      <label>
        Headers, one a line
        <textarea name="headers" rows={3} placeholder="Cookie: cms_session=1" spellCheck={false} />
      </label>
    </OperatorForm>
  );
}

/** @throws {Error} for a line that is no header. */
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
