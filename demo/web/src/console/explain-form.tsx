import { type FormEvent, useId, useState } from 'react';
import { Explanation } from './explanation.tsx';
import { type Operated, operate } from './operate.ts';
import { explainOrder } from './orders.ts';

/** `POST /.edge/explain`: what the service would do with a request, without doing it. */
export function ExplainForm({ consoleKey }: { readonly consoleKey: string | null }) {
  const id = useId();
  const [answer, setAnswer] = useState<Operated | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      setAnswer(await operate(consoleKey, 'explain', explainOrder(new FormData(event.currentTarget))));
    } catch (error) {
      setAnswer({ ok: false, problem: (error as Error).message });
    }
  };
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>Explain</h2>
      <form className="operator" onSubmit={(event) => void submit(event)}>
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
        <button type="submit">Explain</button>
      </form>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section className="answer" aria-label="Answer to Explain" tabIndex={0} data-ok={answer?.ok}>
        <div role="status">
          {answer === null ? (
            'Nothing asked yet.'
          ) : answer.ok ? (
            <Explanation content={answer.content} />
          ) : (
            answer.problem
          )}
        </div>
      </section>
    </section>
  );
}
