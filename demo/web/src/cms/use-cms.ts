import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { byLifetime, cacheModeOf } from 'claimcache/client';
import { type AskOptions, ask } from '../api/ask.ts';

export interface PageView {
  readonly slug: string;
  readonly version: 'draft' | 'published';
  readonly text: string;
  readonly renderedAt: string;
}

interface PageList {
  readonly pages: readonly { readonly slug: string; readonly draft: string; readonly published: string }[];
}

/**
 * As anonymous as a visitor: no cookie goes along. And without this browser's own copy, which lives as long as the page says: here it is
 * the edge that is looked at.
 */
const AS_ANYBODY: AskOptions = { credentials: 'omit', cache: 'no-store' };

export function usePageList() {
  return useQuery({
    queryKey: ['cms', 'list'],
    queryFn: ({ signal }) => ask<PageList>('/api/cms/pages', { signal }),
    ...byLifetime,
  });
}

/** One page, as the editor gets it (`mine`, `preview`) or as everybody does (`anybody`). */
export function usePageView(slug: string, as: 'mine' | 'preview' | 'anybody') {
  const path = as === 'preview' ? `/preview/${slug}` : `/pages/${slug}`;
  return useQuery({
    queryKey: ['cms', as, slug],
    queryFn: ({ client, queryKey, signal }) =>
      ask<PageView>(path, {
        signal,
        ...(as === 'anybody' ? AS_ANYBODY : { cache: cacheModeOf(client, queryKey) }),
      }),
    ...byLifetime,
  });
}

/** Saves the draft, or publishes it; then every view of it is asked for again. */
export function useChange(slug: string) {
  const client = useQueryClient();
  return useMutation({
    async mutationFn(change: { readonly draft: string } | 'publish'): Promise<string> {
      const path = `/api/cms/pages/${slug}`;
      if (change !== 'publish') {
        await ask(path, { method: 'PUT', body: change });
        return 'The draft is saved. Nobody else sees it.';
      }
      const { body } = await ask<{ readonly purged: readonly string[] }>(`${path}/publish`, {
        method: 'POST',
      });
      return body.purged.length === 0
        ? 'Published, but the edge was not purged: it shows the old page until that is stale.'
        : `Published, and purged at the edge: ${body.purged.join(', ')}`;
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['cms'] }),
  });
}
