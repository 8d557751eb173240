import { type ReactNode, useId } from 'react';
import type { CacheFacts } from '../cache/cache-facts.ts';
import { Provenance } from './provenance.tsx';

export interface CardProps {
  readonly title: string;
  /** The path that is shown, as the policy knows it. */
  readonly path: string;
  /** Names it for tests and for nobody else. */
  readonly name: string;
  readonly facts: CacheFacts | undefined;
  readonly error: Error | null;
  readonly onAgain?: () => void;
  readonly children: ReactNode;
}

/** One response of the service, and where it came from. */
export function Card({ title, path, name, facts, error, onAgain, children }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id} data-card={name}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        <code>{path}</code>
        {onAgain && (
          <button type="button" className="quiet" onClick={onAgain} aria-label={`Ask again for ${title}`}>
            <AgainIcon />
          </button>
        )}
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
      <Provenance facts={facts} />
    </section>
  );
}

/** Drawn, not written: not every font has an arrow that turns. */
function AgainIcon() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path
        d="M19 8a8 8 0 1 0 1 4M20 3v5h-5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
