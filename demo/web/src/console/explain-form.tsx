import { Explanation } from './explanation.tsx';
import { OperatorForm } from './operator-form.tsx';
import { explainOrder } from './orders.ts';

/** `POST /.edge/explain`: what the service would do with a request, without doing it. */
export function ExplainForm({ consoleKey }: { readonly consoleKey: string | null }) {
  return (
    <OperatorForm
      title="Explain"
      task="explain"
      consoleKey={consoleKey}
      order={explainOrder}
      shown={(content) => <Explanation content={content} />}
    >
      <label className="field">
        Method
        <select name="method">
          {['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => (
            <option key={method}>{method}</option>
          ))}
        </select>
      </label>
      <label className="field">
        Path, with its query
        <input name="path" defaultValue="/api/orders" required autoComplete="off" />
      </label>
      <label className="field">
        Headers, one a line
        <textarea name="headers" rows={3} placeholder="Cookie: cms_session=1" spellCheck={false} />
      </label>
      <label className="field">
        Status of the origin’s answer
        <input name="status" type="number" min={100} max={599} placeholder="200" autoComplete="off" />
      </label>
      <label className="field">
        Headers of that answer, one a line
        <textarea
          name="responseHeaders"
          rows={2}
          placeholder="Cache-Control: max-age=60"
          spellCheck={false}
        />
      </label>
      <label className="check">
        <input name="showValues" type="checkbox" /> show claim values
      </label>
    </OperatorForm>
  );
}
