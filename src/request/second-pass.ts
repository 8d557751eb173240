import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { stripHopByHop } from '../http/hop-by-hop.ts';
import { whoFailed } from '../origin/who-failed.ts';
import { createOpenSealed, type Opened } from '../shield/open-sealed.ts';
import { SHIELD_CODE_HEADER, SHIELD_LENGTH_HEADER, SHIELD_STATE_HEADER } from '../shield/shield-answer.ts';
import type { ReadonlyFields } from '../types/fields.ts';
import type { RequestContext } from '../types/platform.ts';
import type { Encoding, RelayedCache, RelayedPass } from '../types/readthrough.ts';
import { throughCache } from './fetch-cached.ts';
import { asEdgeError, problem } from './problem.ts';
import { purgeAfterWrite, purgeAll } from './purge-after-write.ts';
import type { Journal } from './request-log.ts';
import type { Service } from './service.ts';
import { readSwitches } from './switches.ts';

/**
 * The second pass, at a shield: a function that takes up what the first pass has sanitised, verified and decided, because
 * its seal says so, and does what is left: the look-up, the origin, the purge. It never throws and never asks a shield
 * itself. null where no origin of the policy has a shield.
 */
export function createSecondPass(
  service: Service,
): ((sealed: string, context: RequestContext, journal: Journal) => Promise<Response>) | null {
  const { policy, platform } = service;
  if (policy.origins.every(({ shield }) => shield === null)) return null;
  const openSealed = createOpenSealed(platform, policy);

  return async function secondPass(sealed, context, journal) {
    journal.note({ tier: 'shield' });
    let { requestId } = context;
    try {
      const opened = await openSealed(sealed, context.request);
      const { plan, route } = opened.relay;
      requestId = opened.relay.requestId;
      journal.note({ requestId, route, lane: plan.lane, reason: plan.reason });
      return plan.lane === 'pass'
        ? await pass(opened, plan, journal)
        : await cached(opened, plan, context, journal);
    } catch (cause) {
      const error = asEdgeError(cause);
      journal.failed(error);
      return marked(problem(error, requestId), 'ERROR', error.code);
    }
  };

  async function cached(
    { facts, request, route }: Opened,
    plan: RelayedCache,
    context: RequestContext,
    journal: Journal,
  ): Promise<Response> {
    const engine = service.engineFor(readSwitches(platform, policy).engine);
    if (engine === null) throw new EdgeError('ERR_SHIELD_REFUSED', { cause: new Error('no cache here') });
    let state = '';
    const response = await throughCache(
      service,
      { context, facts, identity: null, body: null, engine, journal },
      { ...plan, route },
      engine,
      {
        encoding: (request.headers.get('accept-encoding') ?? 'identity') as Encoding,
        request: () => request,
        tokenExpiresAtSeconds: plan.tokenExpiresAtSeconds,
        // The first pass sends none of the fields that it withholds, and decides for itself.
        pass: () => Promise.reject(new EdgeError('ERR_SHIELD_REFUSED')),
      },
      (result) => {
        ({ state } = result);
        const headers = inward(result.headers);
        if (state !== 'BYPASS') headers.set('age', String(result.ageSeconds));
        const length = headers.get('content-length');
        if (length !== null) headers.set(SHIELD_LENGTH_HEADER, length);
        return { headers, body: result.body };
      },
    );
    return marked(response, state);
  }

  async function pass({ facts, request }: Opened, plan: RelayedPass, journal: Journal): Promise<Response> {
    journal.note({ state: 'BYPASS' });
    const startedMs = platform.nowMs();
    let response: Response;
    try {
      response = await service.fetchOrigin(request);
    } catch (cause) {
      // The write may have been made all the same.
      purgeAll(platform, journal, plan.purgeAfterWrite);
      throw await whoFailed(cause, request, service.fetchOrigin);
    }
    journal.note({ originMs: platform.nowMs() - startedMs });
    purgeAfterWrite(service, journal, facts, plan, response);
    const body = facts.method === 'HEAD' ? null : response.body;
    return marked(platform.respond(response.status, inward(response.headers), body), 'PASS');
  }
}

/** The origin's own headers: the first pass decides by them as if it had asked itself. */
function inward(origin: ReadonlyFields): HeaderFields {
  const headers = new HeaderFields(origin);
  stripHopByHop(headers);
  for (const name of headers.keys()) if (name.startsWith('x-claimcache-')) headers.delete(name);
  return headers;
}

function marked(response: Response, state: string, code?: string): Response {
  response.headers.set(SHIELD_STATE_HEADER, state);
  if (code !== undefined) response.headers.set(SHIELD_CODE_HEADER, code);
  return response;
}
