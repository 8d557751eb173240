import { useState } from 'react';
import type { Counts } from '../../../../cli/log/live-news.ts';
import { type Assumptions, loadWithoutCache, originLoad, readAssumptions, savingsOf } from './savings.ts';

const STORED = 'claimcache-console-assumptions';
const FIELDS = [
  { name: 'pricePerMillion', label: 'A million origin requests cost' },
  { name: 'kilobytes', label: 'An answer has, in kB' },
  { name: 'pricePerGigabyte', label: 'A gigabyte out of the origin costs' },
] as const;

export interface SavingsCardProps {
  readonly counts: Counts;
  readonly minutes: number;
}

/** What the cache spares the origin, and in money: by assumptions that stand beside it, and are kept in this browser. */
export function SavingsCard({ counts, minutes }: SavingsCardProps) {
  const [assumed, setAssumed] = useState(() => readAssumptions(localStorage.getItem(STORED)));
  const assume = (changes: Partial<Assumptions>) => {
    const next = { ...assumed, ...changes };
    localStorage.setItem(STORED, JSON.stringify(next));
    setAssumed(next);
  };
  const { money, moneyAMonth, gigabytesAMonth } = savingsOf(counts, minutes, assumed);
  const without = loadWithoutCache(counts, minutes);
  const price = (value: number) =>
    `${assumed.currency}${value > 0 && value < 0.1 ? value.toPrecision(2) : value.toFixed(value < 10 ? 2 : 0)}`;
  return (
    <section className="card" aria-labelledby="savings-title">
      <h2 id="savings-title">Saved</h2>
      <dl className="sums">
        <div>
          <dt>In this span</dt>
          <dd>{price(money)}</dd>
        </div>
        <div>
          <dt>In a month at this pace</dt>
          <dd>
            {price(moneyAMonth)}, {gigabytesAMonth.toFixed(gigabytesAMonth < 10 ? 1 : 0)} GB
          </dd>
        </div>
        <div>
          <dt>Origin load, with and without the cache</dt>
          <dd>
            {originLoad(counts, minutes).toFixed(2)} of {without === null ? '–' : without.toFixed(2)}
          </dd>
        </div>
      </dl>
      <details>
        <summary>Assumptions</summary>
        <div className="assumptions">
          <label className="field">
            <span>Currency</span>
            <input
              value={assumed.currency}
              maxLength={4}
              onChange={({ target }) => assume({ currency: target.value })}
            />
          </label>
          {FIELDS.map(({ name, label }) => (
            <label key={name} className="field">
              <span>{label}</span>
              <input
                type="number"
                min={0}
                step="any"
                defaultValue={assumed[name]}
                onChange={({ target }) => {
                  if (target.validity.valid && target.value !== '') assume({ [name]: target.valueAsNumber });
                }}
              />
            </label>
          ))}
          <p className="soft">
            The log has neither sizes nor prices. What you set here is kept in this browser, and sent to
            nobody. The price of the edge is not in it.
          </p>
        </div>
      </details>
    </section>
  );
}
