import { noCounts } from '../../../../cli/log/counter.ts';
import type { Counts } from '../../../../cli/log/live-news.ts';
import { hitRatioOf, requestsOf } from '../../../../cli/log/sums.ts';
import { milliseconds, number, percent, rate } from './format.ts';
import { originLoad } from './savings.ts';

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly isBad?: boolean;
}

export interface TilesProps {
  /** Of the span that is looked at; null: nothing is known yet. */
  readonly counts: Counts | null;
  readonly minutes: number;
}

/** The numbers that a team looks at first. */
export function Tiles({ counts, minutes }: TilesProps) {
  return (
    <dl className="tiles" aria-busy={counts === null}>
      {tilesOf(counts ?? noCounts(), minutes).map(({ name, value, note, isBad }) => (
        <div key={name} className="tile" data-tile={name} data-bad={isBad === true}>
          <dt>{name}</dt>
          <dd className="tile-value">{counts === null ? '–' : value}</dd>
          <dd className="tile-note">{counts === null ? '\u00a0' : note}</dd>
        </div>
      ))}
    </dl>
  );
}

function tilesOf(counts: Counts, minutes: number): Tile[] {
  const requests = requestsOf(counts);
  const { origin, originMs, saved, failures, alarms } = counts;
  const load = originLoad(counts, minutes);
  const asked = counts.HIT + counts.STALE + counts.MISS;
  return [
    { name: 'Hit ratio', value: percent(hitRatioOf(counts)), note: `of ${number(asked)} cacheable` },
    { name: 'Requests', value: number(requests), note: `${rate(requests / minutes / 60)} a second` },
    {
      name: 'Origin requests saved',
      value: number(saved),
      note: `${percent(saved + origin === 0 ? null : saved / (saved + origin))} fewer`,
    },
    {
      name: 'Origin load',
      value: load.toFixed(2),
      note: origin === 0 ? 'it was not asked' : `at once, ${milliseconds(originMs / origin)} each`,
    },
    {
      name: 'Failures',
      value: number(failures),
      note: 'answered with 5xx',
      isBad: failures > 0,
    },
    {
      name: 'Leak guard',
      value: alarms === 0 ? 'quiet' : `${number(alarms)} alarms`,
      note: alarms === 0 ? 'no alarm' : 'read “A leak is suspected”',
      isBad: alarms > 0,
    },
  ];
}
