import type { ReactNode } from 'react';
import { mount } from '../ui/mount.tsx';
import type { Guarded } from './create-session.ts';
import { guardPage } from './guard-page.ts';
import { retireServiceWorkers } from './retire-service-workers.ts';

/** Opens a page that shows private data: old service workers go first, so that none of them answers for the edge. */
export async function openPage(session: Guarded, page: ReactNode): Promise<void> {
  if (await retireServiceWorkers()) {
    location.reload();
    return;
  }
  guardPage(session);
  mount(page);
  await session.check();
}
