import type { CacheFacts } from '../cache/cache-facts.ts';

const MEANING: Readonly<Record<CacheFacts['state'], string>> = {
  HIT: 'from the edge',
  MISS: 'from the origin, now stored at the edge',
  STALE: 'from the edge, out of date',
  BYPASS: 'from the origin, never stored',
  ERROR: 'the edge could not get it',
  BROWSER: 'from this browser, nobody was asked',
  UNKNOWN: 'no cache says anything',
};

/** Where a response came from: state, age, milliseconds. It takes its place before it is known. */
export function Provenance({ facts }: { readonly facts: CacheFacts | undefined }) {
  if (facts === undefined) return <p className="provenance">&nbsp;</p>;
  const { state, ageSeconds, durationMs } = facts;
  return (
    <p className="provenance" data-state={state}>
      <strong className="badge">{state}</strong>
      <span className="provenance-numbers">
        {ageSeconds === null || state === 'BYPASS' ? '' : `${ageSeconds} s old · `}
        {`${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms`}
      </span>
      <span className="provenance-meaning">{MEANING[state]}</span>
    </p>
  );
}
