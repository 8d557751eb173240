import { NO_STORE } from '../http/no-store.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';

/** Waits for a browser's page to look at, not for data: said by `Accept`, and by `Sec-Fetch-Dest` where it is sent. */
export function wantsPage({ headers }: RequestFacts): boolean {
  const destination = headers.get('sec-fetch-dest');
  if (destination !== null && !['document', 'iframe', 'frame'].includes(destination)) return false;
  return (headers.get('accept') ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === 'text/html' && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

/** The page in the place of a failure: with its status, for nobody's cache. */
export function fallbackAnswer(
  method: string,
  status: number,
  page: { readonly body: BodyInit; readonly contentType: string },
  retryAfter: string | null,
): Response {
  const headers = new Headers({
    'content-type': page.contentType,
    'cache-control': NO_STORE,
    'x-cache': 'ERROR',
    'x-content-type-options': 'nosniff',
  });
  if (retryAfter !== null) headers.set('retry-after', retryAfter);
  return new Response(method === 'HEAD' ? null : page.body, { status, headers });
}
