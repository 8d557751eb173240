import type { ReactNode } from 'react';

const PAGES = [
  { href: '/app/', name: 'Dashboard' },
  { href: '/app/cms/', name: 'CMS' },
  { href: '/members/', name: 'Members' },
  { href: '/app/console', name: 'Edge console' },
] as const;

export interface FrameProps {
  readonly current: (typeof PAGES)[number]['href'];
  /** At the right of the head: who is signed in, and what they can do. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** Head, links between the pages, content. */
export function Frame({ current, aside, children }: FrameProps) {
  return (
    <>
      <header className="head">
        <div className="head-row">
          <span className="brand">claimcache</span>
          <nav aria-label="Pages of the demo">
            {PAGES.map(({ href, name }) => (
              <a key={href} href={href} aria-current={href === current ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <div className="head-aside">{aside}</div>
        </div>
      </header>
      <main>{children}</main>
    </>
  );
}
