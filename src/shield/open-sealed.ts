import { EdgeError } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { isSafeMethod } from '../http/safe-methods.ts';
import { authorityOf, splitTarget } from '../http/target.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import type { Route } from '../policy/routes/route.ts';
import { CONDITIONAL, shieldKey } from './relay.ts';
import { type SealedRequest, unseal } from './seal.ts';

/** A sealed request, opened and found to be what it says. */
export interface Opened {
  readonly relay: SealedRequest['relay'];
  /** What the first pass asks, with the conditions that the platform has put on it. */
  readonly facts: Pick<RequestFacts, 'method' | 'host' | 'path' | 'headers'>;
  /** For the origin; its body travels as it is. */
  readonly request: Omit<OriginRequest, 'body'>;
  readonly route: Route;
}

/** How long a sealed write is remembered, so that it is not made twice: longer than a seal holds. */
const WRITE_MEMORY_MS = 120_000;

/** A function that opens what a first pass has sealed, and throws ERR_SHIELD_REFUSED where it is not that, or not for here. */
export function createOpenSealed(
  platform: Platform,
  policy: Policy,
): (sealed: string, actual: Request) => Promise<Opened> {
  // Places, and not routes: many of them are text until they are asked for.
  const places = new Map(Array.from(policy.routes, ({ name }, place) => [name, place]));

  return async function openSealed(sealed, actual) {
    const first = await unseal(sealed, await shieldKey(platform, policy), platform.nowMs());
    if (typeof first === 'string') throw refused(first);
    const { relay, method, url, headers } = first;
    const route =
      relay.route === policy.fallback.name
        ? policy.fallback
        : policy.routes.at(places.get(relay.route) ?? -1);
    const origin = policy.origins.find(({ name }) => name === relay.origin);
    if (first.policy !== policy.digest || route === undefined || origin === undefined)
      throw refused('policy');
    const target = splitTarget(url);
    const sent = splitTarget(actual.url);
    if (actual.method !== method || sent.path !== target.path || sent.query !== target.query) {
      throw refused('target');
    }
    const outer: ReadonlyFields = actual.headers;
    const host = authorityOf(url);
    if ((outer.get('host') ?? authorityOf(actual.url)) !== host) throw refused('host');
    if (relay.plan.lane === 'pass' && !isSafeMethod(method)) rememberWrite(sealed);

    const asked = new HeaderFields();
    for (const name of CONDITIONAL) {
      const value = outer.get(name);
      if (value !== null) asked.set(name, value);
    }
    return {
      relay,
      route,
      facts: { method, host, path: target.path, headers: asked },
      request: {
        backend: origin.backend,
        method,
        url,
        headers: new HeaderFields(headers),
        firstByteTimeoutMs: origin.firstByteTimeoutMs,
      },
    };
  };

  /** A read may be repeated while its seal holds, a write not. */
  function rememberWrite(sealed: string): void {
    const { coreCache } = platform;
    if (coreCache === null) return;
    const key = `claimcache-sealed:${sealed.slice(sealed.indexOf('.') + 1)}`;
    const known = coreCache.lookup(key);
    const isKnown = known?.found === true;
    known?.close();
    if (isKnown) throw refused('replay');
    const options = { maxAgeMs: WRITE_MEMORY_MS, initialAgeMs: 0, staleWhileRevalidateMs: 0 };
    const empty = { surrogateKeys: [], vary: [], metadata: 'w', lengthBytes: 0 };
    coreCache.insert(key, null, { ...options, ...empty }).close();
  }
}

function refused(why: string): EdgeError {
  return new EdgeError('ERR_SHIELD_REFUSED', { cause: new Error(`sealed request: ${why}`) });
}
