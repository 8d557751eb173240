import type { MouseEvent } from 'react';
import { type Address, searchWith } from './use-address.ts';
import { VIEWS, type View } from './views.ts';

export interface NavProps {
  readonly current: View;
  readonly change: Address['change'];
  /** The page to go back to; null: none is known. */
  readonly home: string | null;
}

/** The pages of the console, and the way back. */
export function Nav({ current, change, home }: NavProps) {
  return (
    <div className="side">
      <p className="brand">
        claimcache <span className="brand-under">edge console</span>
      </p>
      <nav aria-label="Pages of the console">
        {(Object.keys(VIEWS) as View[]).map((view) => (
          <a
            key={view}
            href={searchWith(location.search, { view, id: null })}
            aria-current={view === current ? 'page' : undefined}
            onClick={(event) => {
              if (isForBrowser(event)) return;
              event.preventDefault();
              change({ view, id: null }, 'push');
            }}
          >
            {VIEWS[view]}
          </a>
        ))}
      </nav>
      {home !== null && (
        <a className="home" href={home}>
          Back to the site
        </a>
      )}
    </div>
  );
}

/** In another tab, or saved: the browser's own business. */
function isForBrowser({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button !== 0 || metaKey || ctrlKey || shiftKey || altKey;
}
