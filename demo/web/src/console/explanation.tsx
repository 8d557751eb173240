/** Of the answer of `POST /.edge/explain`, what is shown first. */
interface Explained {
  readonly lane: string;
  readonly reason: string;
  readonly route: string | null;
  readonly status: number | null;
  readonly code: string | null;
  readonly surrogateKeys: readonly string[];
  readonly steps: readonly { readonly step: string; readonly text: string }[];
}

/** What the edge would do, and each thing that it looks at, in its order; and the whole answer for whoever wants it. */
export function Explanation({ content }: { readonly content: unknown }) {
  const json = JSON.stringify(content, null, 2);
  if (!isExplained(content)) return json;
  const { lane, reason, route, status, code, surrogateKeys, steps } = content;
  return (
    <>
      <p>
        <strong>{lane}</strong>: {reason}
        {status !== null && `, answered ${status} by the edge`}
        {code !== null && ` (${code})`}
      </p>
      {route !== null && <p>Route: {route}</p>}
      {surrogateKeys.length > 0 && <p>Surrogate keys: {surrogateKeys.join(', ')}</p>}
      <ol>
        {steps.map(({ step, text }) => (
          <li key={step}>
            <strong>{step}</strong>: {text}
          </li>
        ))}
      </ol>
      <details>
        <summary>All of it</summary>
        <pre>{json}</pre>
      </details>
    </>
  );
}

/** An older or newer service may tell it in another way: then it is shown as it is. */
function isExplained(content: unknown): content is Explained {
  const { v, steps, surrogateKeys } = (content ?? {}) as {
    v?: unknown;
    steps?: unknown;
    surrogateKeys?: unknown;
  };
  return v === 1 && Array.isArray(steps) && Array.isArray(surrogateKeys);
}
