import { QueryClientProvider } from '@tanstack/react-query';
import { followLifetimes } from 'claimcache/client';
import { type ReactNode, useEffect, useState } from 'react';
import { createQueryClient } from './query-client.ts';

/** A query cache of this component's own, which ends with it: give it a `key` that changes with the person. */
export function OwnQueries({ children }: { readonly children: ReactNode }) {
  const [client] = useState(createQueryClient);
  useEffect(() => followLifetimes(client), [client]);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
