import { useMemo } from 'react';
import type { LiveNews } from '../../../../cli/log/live-news.ts';
import { FilterBar } from './filter-bar.tsx';
import { createMatch, filtersOf, isFiltered } from './filters.ts';
import { number } from './format.ts';
import { RequestDetail } from './request-detail.tsx';
import { RequestList } from './request-list.tsx';
import type { Address } from './use-address.ts';
import { useHeld } from './use-held.ts';

export interface RequestsViewProps {
  readonly state: LiveNews | null;
  readonly address: Address;
}

const NONE: LiveNews['requests'] = [];

/** Each request, with what narrows the list, and one of them with all that is known of it. */
export function RequestsView({ state, address }: RequestsViewProps) {
  const { params, change } = address;
  const requests = state?.requests ?? NONE;
  const patterns = state?.facts.routes;
  const filters = useMemo(() => filtersOf(params), [params]);
  const matches = useMemo(() => createMatch(filters, patterns ?? {}), [filters, patterns]);
  const held = useHeld(requests, matches);
  const routes = [...new Set(state?.routes.map(({ route }) => route))].sort();
  const openId = params.get('id');
  const opened = openId === null ? null : requests.findLast(({ requestId }) => requestId === openId);
  const shown = held.lines.length + held.newer;
  const all = requests.length;
  const skipped = state?.skipped ?? 0;
  return (
    <section className="requests card" aria-label="Requests">
      <FilterBar filters={filters} routes={routes} change={change} />
      <p className="kept" role="status">
        {isFiltered(filters)
          ? `${number(shown)} of the last ${number(all)} requests`
          : `The last ${number(all)} requests`}
        {skipped > 0 && `; ${number(skipped)} came too fast to be listed, and are counted`}
      </p>
      <div className="split" data-open={openId !== null}>
        <RequestList
          held={held}
          patterns={patterns ?? {}}
          openId={openId}
          open={({ requestId }) => change({ id: requestId }, openId === null ? 'push' : 'replace')}
          nothing={nothing(state, isFiltered(filters))}
        />
        {openId !== null && (
          <RequestDetail
            key={openId}
            line={opened ?? null}
            pattern={opened ? patterns?.[opened.route] : undefined}
            close={() => change({ id: null })}
            show={(changes) => change({ ...changes, id: null }, 'push')}
          />
        )}
      </div>
    </section>
  );
}

function nothing(state: LiveNews | null, isNarrowed: boolean): string {
  if (state === null) return 'Reading the log …';
  if (state.requests.length > 0 && isNarrowed) return 'No request matches. Clear the filters to see all.';
  return 'No request yet. They stand here as soon as the service gets some.';
}
