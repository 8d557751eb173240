import type { Page } from 'playwright-core';

/** Whatever the page was about to show is shown: two frames have been painted since. */
export function painted(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );
}
