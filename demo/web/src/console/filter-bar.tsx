import { type Filters, isFiltered, LANES, NO_FILTERS, STATES, STATUSES } from './filters.ts';
import type { Address } from './use-address.ts';

export interface FilterBarProps {
  readonly filters: Filters;
  readonly routes: readonly string[];
  readonly change: Address['change'];
}

/** Narrows the list of requests; what is chosen stands in the address. */
export function FilterBar({ filters, routes, change }: FilterBarProps) {
  const chooser = (name: keyof Filters, label: string, options: readonly string[]) => {
    const chosen = filters[name];
    // A route of the address may have no request yet.
    const all = chosen === '' || options.includes(chosen) ? options : [chosen, ...options];
    return (
      <label className="field">
        <span>{label}</span>
        <select value={chosen} onChange={({ target }) => change({ [name]: target.value })}>
          <option value="">all</option>
          {all.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      </label>
    );
  };
  return (
    <search className="filters">
      <label className="field filter-text">
        <span>Text</span>
        <input
          type="search"
          value={filters.text}
          placeholder="path, reason, code, request id"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => change({ text: target.value })}
        />
      </label>
      {chooser('route', 'Route', routes)}
      {chooser('lane', 'Lane', LANES)}
      {chooser('state', 'State', STATES)}
      {chooser('status', 'Status', STATUSES)}
      <label className="field filter-who">
        <span>Fingerprint</span>
        <input
          value={filters.fingerprint}
          placeholder="whose request"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => change({ fingerprint: target.value.trim() })}
        />
      </label>
      <button
        type="button"
        className="second"
        disabled={!isFiltered(filters)}
        onClick={() => change(NO_FILTERS)}
      >
        Clear
      </button>
    </search>
  );
}
