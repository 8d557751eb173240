import type { PurgeEvent } from '../../../../cli/log/live-news.ts';
import { clock } from './format.ts';

const BY: Readonly<Record<PurgeEvent['by'], string>> = {
  console: 'this console',
  operator: 'an operator',
  self: 'a visitor, for themselves',
  write: 'a write',
};

/** Who purged what, newest first: what this console has ordered, and what the log tells, which has no keys. */
export function PurgeTable({ purges }: { readonly purges: readonly PurgeEvent[] }) {
  return (
    <section className="card" aria-labelledby="purges-title">
      <h2 id="purges-title">History</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section className="scroll tall" aria-labelledby="purges-title" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="short">
                Time
              </th>
              <th scope="col" className="word">
                What
              </th>
              <th scope="col" className="word">
                By
              </th>
              <th scope="col" className="short">
                How
              </th>
            </tr>
          </thead>
          <tbody>
            {[...purges].reverse().map(({ seq, timeMs, keys, count, by, route, soft }) => (
              <tr key={seq}>
                <td className="short">{clock(timeMs)}</td>
                <th scope="row" className="wrap">
                  {keys === null ? `${count} ${count === 1 ? 'key' : 'keys'}` : keys.join(', ')}
                </th>
                <td className="word">{by === 'write' && route !== null ? `a write on ${route}` : BY[by]}</td>
                <td className="short">{soft === null ? '–' : soft ? 'soft' : 'hard'}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {purges.length === 0 && <p className="nothing">Nothing has been purged since the console began.</p>}
      </section>
    </section>
  );
}
