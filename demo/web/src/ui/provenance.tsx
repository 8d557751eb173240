import type { CacheFacts } from 'claimcache/client';

const MEANING: Readonly<Record<CacheFacts['state'], string>> = {
  HIT: 'from the edge',
  MISS: 'from the origin, now stored at the edge',
  STALE: 'from the edge, out of date',
  BYPASS: 'from the origin, never stored',
  ERROR: 'the edge could not get it',
  BROWSER: 'from this browser, nobody was asked',
  UNKNOWN: 'no cache says anything',
};

/** After a 304 the page shows the copy that this browser had. */
const NOT_MODIFIED: Readonly<Record<CacheFacts['state'], string>> = {
  ...MEANING,
  HIT: '304: not changed, says the edge',
  MISS: '304: not changed, says the origin; now stored at the edge',
  STALE: '304: not changed, says the edge, out of date',
  BYPASS: '304: not changed, says the origin',
};

export interface ProvenanceProps {
  readonly facts: CacheFacts | undefined;
  readonly isBusy: boolean;
}

/** Where a response came from: state, age, time left, milliseconds. It takes its place before it is known. */
export function Provenance({ facts, isBusy }: ProvenanceProps) {
  if (facts === undefined) return <p className="provenance">{isBusy ? 'Asking …' : '\u00a0'}</p>;
  const { state, isNotModified } = facts;
  return (
    <p className="provenance" data-state={state}>
      <strong className="badge">{state}</strong>
      <span className="provenance-numbers">{numbers(facts).join(' · ')}</span>
      <span className="provenance-meaning">{isNotModified ? NOT_MODIFIED[state] : MEANING[state]}</span>
    </p>
  );
}

function numbers({ state, ageSeconds, ttlSeconds, durationMs }: CacheFacts): string[] {
  // What the browser has kept was told these numbers when it came.
  const isStored = state === 'HIT' || state === 'MISS' || state === 'STALE';
  return [
    ...(isStored && ageSeconds !== null ? [`${ageSeconds} s old`] : []),
    ...(isStored && ttlSeconds !== null && ttlSeconds > 0 ? [`fresh for ${ttlSeconds} s`] : []),
    `${Math.round(durationMs)} ms`,
  ];
}
