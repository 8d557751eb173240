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

export interface ProvenanceProps {
  readonly facts: CacheFacts | undefined;
  readonly isBusy: boolean;
}

/** Where a response came from: state, age, time left, milliseconds. It takes its place before it is known. */
export function Provenance({ facts, isBusy }: ProvenanceProps) {
  if (facts === undefined) return <p className="provenance">{isBusy ? 'Asking …' : '\u00a0'}</p>;
  const { state } = facts;
  return (
    <p className="provenance" data-state={state}>
      <strong className="badge">{state}</strong>
      <span className="provenance-numbers">{numbers(facts).join(' · ')}</span>
      <span className="provenance-meaning">{MEANING[state]}</span>
    </p>
  );
}

function numbers({ state, ageSeconds, ttlSeconds, durationMs }: CacheFacts): string[] {
  // What the browser has kept was told these numbers when it came.
  const isStored = state === 'HIT' || state === 'MISS' || state === 'STALE';
  return [
    ...(isStored && ageSeconds !== null ? [`${ageSeconds} s old`] : []),
    ...(isStored && ttlSeconds !== null && ttlSeconds > 0 ? [`fresh for ${ttlSeconds} s`] : []),
    `${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms`,
  ];
}
