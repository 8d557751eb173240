import { randomUUID } from 'node:crypto';

/** What every page carries: two renderings are never the same bytes, so a copy shows itself. */
export function rendering(): { readonly renderedAt: string; readonly render: string } {
  return { renderedAt: new Date().toISOString(), render: randomUUID() };
}
