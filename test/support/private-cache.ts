import type { IncomingHttpHeaders } from 'node:http';
import CachePolicy from 'http-cache-semantics';
import type { Answer, SendOptions } from './send.ts';

export interface Viewed {
  readonly text: string;
  /** `cache`: shown without asking; `revalidated`: shown after a 304; `network`: fetched. */
  readonly from: 'cache' | 'revalidated' | 'network';
}

type Headers = Record<string, string>;

interface Stored {
  readonly policy: CachePolicy;
  readonly text: string;
}

/**
 * One HTTP client with a private cache (RFC 9111), as a browser has it: it keeps every response that it may, uses it as long as
 * it may, revalidates it otherwise, and knows nothing of users. Whether a response may be kept and used is decided by
 * `http-cache-semantics`.
 */
export function createPrivateCache(
  ask: (target: string, options: SendOptions) => Promise<Answer>,
): (target: string, headers: Headers) => Promise<Viewed> {
  const stored = new Map<string, Stored[]>();

  return async function view(target, headers) {
    const request = { url: target, method: 'GET', headers };
    const variants = stored.get(target) ?? [];
    const fresh = variants.find(({ policy }) => policy.satisfiesWithoutRevalidation(request));
    if (fresh !== undefined) return { text: fresh.text, from: 'cache' };

    // The newest is asked about; the library adds its validator only where Vary allows to use it for this request.
    const candidate = variants.at(-1);
    const sent = candidate?.policy.revalidationHeaders(request) ?? headers;
    const answer = await ask(target, { headers: withoutUndefined(sent) });
    if (candidate !== undefined && answer.status === 304) {
      const { policy } = candidate.policy.revalidatedPolicy(request, asResponse(answer));
      keep(target, { policy, text: candidate.text });
      return { text: candidate.text, from: 'revalidated' };
    }
    const policy = new CachePolicy(request, asResponse(answer), { shared: false });
    if (policy.storable()) keep(target, { policy, text: answer.text });
    return { text: answer.text, from: 'network' };
  };

  function keep(target: string, entry: Stored): void {
    stored.set(target, [...(stored.get(target) ?? []), entry]);
  }
}

function asResponse({ status, headers }: Answer): { status: number; headers: Headers } {
  return { status, headers: withoutUndefined(headers) };
}

function withoutUndefined(headers: IncomingHttpHeaders | CachePolicy.Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
