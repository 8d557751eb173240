import type { ResponseFacts } from '../api/response-facts.ts';
import { meaningOf, numbersOf, splitOf } from './provenance-text.ts';

export interface ProvenanceProps {
  readonly facts: ResponseFacts | undefined;
  readonly isBusy: boolean;
}

/** Where a response came from: state, age, time left, milliseconds. It takes its place before it is known. */
export function Provenance({ facts, isBusy }: ProvenanceProps) {
  if (facts === undefined) return <p className="provenance">{isBusy ? 'Asking …' : '\u00a0'}</p>;
  const { state } = facts;
  return (
    <p className="provenance" data-state={state}>
      <strong className="badge">{state}</strong>
      <span className="provenance-numbers">{numbersOf(facts).join(' · ')}</span>
      <span className="provenance-split">{splitOf(facts)}</span>
      <span className="provenance-meaning">{meaningOf(facts)}</span>
    </p>
  );
}
