import { useEffect, useRef } from 'react';
import { PAGE_PATHS } from '../measure/page-paths.ts';
import { useStore } from '../measure/store.ts';
import type { Visit } from '../measure/visits.ts';
import type { UserSession } from '../session/user-session.ts';
import { closeTour, openTour, type StepResult, takeStep, tour } from './tour.ts';
import { TOUR, type TourStep } from './tour-steps.ts';

/** The guided tour: what a click does, and what happened at the edge. */
export function TourPanel({ session }: { readonly session: UserSession }) {
  const { isOpen, isBusy, results, problem } = useStore(tour);
  const action = useRef<HTMLButtonElement>(null);
  const taken = results.length;
  // A step that signs somebody else in makes a new page: the keyboard goes on where it was.
  useEffect(() => {
    if (isOpen && taken > 0) action.current?.focus({ preventScroll: true });
  }, [isOpen, taken]);

  if (!isOpen) return null;
  const isOver = taken === TOUR.length;
  const shown = isOver ? TOUR.length - 1 : taken;
  return (
    <section className="card tour" aria-labelledby="tour" data-taken={taken}>
      <div className="card-head">
        <h2 id="tour">
          Tour, step {shown + 1} of {TOUR.length}
        </h2>
        <button type="button" className="second" onClick={closeTour}>
          End the tour
        </button>
      </div>
      <div className="stack">
        {TOUR.map((step, i) => (
          <StepText key={step.title} step={step} isShown={i === shown} />
        ))}
      </div>
      <div className="row">
        <button
          ref={action}
          type="button"
          aria-disabled={isBusy}
          onClick={() => (isOver ? openTour() : void takeStep(session))}
        >
          {isBusy ? 'One moment …' : isOver ? 'Take it again' : TOUR[shown]?.action}
        </button>
        <p className="problem" role="alert">
          {problem}
        </p>
      </div>
      <Seen step={TOUR[taken - 1]} result={results[taken - 1]} />
    </section>
  );
}

/** All of them take the room of the longest: the page below does not move from step to step. */
function StepText({ step, isShown }: { readonly step: TourStep; readonly isShown: boolean }) {
  return (
    <div className={isShown ? 'shown' : ''} aria-hidden={!isShown}>
      <h3>{step.title}</h3>
      <p>{step.text}</p>
    </div>
  );
}

function Seen({
  step,
  result,
}: {
  readonly step: TourStep | undefined;
  readonly result: StepResult | undefined;
}) {
  return (
    <div className="seen">
      <h3>What happened at the edge</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Page</th>
            <th scope="col">State</th>
            <th scope="col">Whose</th>
            <th scope="col" className="age">
              Age
            </th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {PAGE_PATHS.map((path) => (
            <SeenRow key={path} path={path} visit={result?.seen.find((visit) => visit.path === path)} />
          ))}
        </tbody>
      </table>
      <div className="stack">
        {TOUR.map((told) => (
          <p key={told.title} className={told === step ? 'shown' : ''} aria-hidden={told !== step}>
            {told.explanation}
          </p>
        ))}
      </div>
      <p className="verdict" role="status" data-as-told={result?.isAsTold}>
        {verdict(result)}
      </p>
    </div>
  );
}

function verdict(result: StepResult | undefined): string {
  if (result === undefined) return '\u00a0';
  return result.isAsTold
    ? 'As told.'
    : 'Not as told: is an editor signed in here, or is the switch on “Without claimcache”?';
}

function SeenRow({ path, visit }: { readonly path: string; readonly visit: Visit | undefined }) {
  const { facts, owner } = visit ?? {};
  return (
    <tr data-state={facts?.state}>
      <th scope="row">
        <code>{path}</code>
      </th>
      <td className="badge">{facts?.state ?? '–'}</td>
      <td>{owner ?? '–'}</td>
      <td className="age">{facts?.ageSeconds == null ? '–' : `${facts.ageSeconds} s`}</td>
      <td>{facts === undefined ? '–' : `${Math.round(facts.durationMs)} ms`}</td>
    </tr>
  );
}
