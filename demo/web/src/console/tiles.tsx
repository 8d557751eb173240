import type { States, Totals } from '../../../../cli/log/snapshot.ts';

/** Of what a cache was asked for: the share that it had. */
export function hitPercent({ HIT, STALE, MISS }: States): string {
  const asked = HIT + STALE + MISS;
  return asked === 0 ? '–' : `${(((HIT + STALE) / asked) * 100).toFixed(1)} %`;
}

const TILES: readonly (readonly [string, (totals: Totals) => string])[] = [
  ['Requests', ({ requests }) => requests.toLocaleString('en')],
  ['Hit ratio', ({ states }) => hitPercent(states)],
  ['Origin requests saved', ({ saved }) => saved.toLocaleString('en')],
  ['Failures', ({ failures }) => failures.toLocaleString('en')],
  ['Leak guard', ({ alarms }) => (alarms === 0 ? 'quiet' : `${alarms} alarms`)],
];

/** The sums since the console began. */
export function Tiles({ totals }: { readonly totals: Totals | undefined }) {
  return (
    <dl className="tiles">
      {TILES.map(([name, read]) => (
        <div
          key={name}
          className="tile"
          data-tile={name}
          data-alarm={name === 'Leak guard' && !!totals?.alarms}
        >
          <dt>{name}</dt>
          <dd>{totals ? read(totals) : '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
