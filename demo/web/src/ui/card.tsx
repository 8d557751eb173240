import { type ReactNode, useId } from 'react';
import type { ResponseFacts } from '../api/response-facts.ts';
import { AgainIcon } from './again-icon.tsx';
import { Provenance } from './provenance.tsx';

export interface CardProps {
  readonly title: string;
  /** The path that is shown, as the policy knows it. */
  readonly path: string;
  /** Names it for tests and for nobody else. */
  readonly name: string;
  readonly facts: ResponseFacts | undefined;
  readonly error: Error | null;
  /** Whether an answer is on its way. */
  readonly isBusy: boolean;
  readonly onAgain: () => void;
  readonly children: ReactNode;
}

/** One response of the service, and where it came from. */
export function Card({ title, path, name, facts, error, isBusy, onAgain, children }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id} aria-busy={isBusy} data-card={name}>
      <div className="card-head">
        <div className="card-title">
          <h2 id={id}>{title}</h2>
          <code>{path}</code>
        </div>
        <button type="button" className="quiet" onClick={onAgain} aria-label={`Ask again for ${title}`}>
          <AgainIcon />
        </button>
      </div>
      <div className="card-body">
        {error === null ? (
          children
        ) : (
          <p className="problem" role="alert">
            {error.message}
          </p>
        )}
      </div>
      <Provenance facts={facts} isBusy={isBusy} />
    </section>
  );
}
