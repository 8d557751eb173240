import { cacheControlFault } from './cache-control.ts';
import { promise, unproven } from './check.ts';
import type { Expectation } from './expected-lane.ts';
import { expiryOf } from './jwt.ts';
import { isHit } from './read-answer.ts';
import type { Answer, AuditContext, Check, Persona, Reading, Target } from './types.ts';
import { unkeyedFieldsCheck } from './unkeyed-fields.ts';

/** An entry that lives no longer than this may be gone before it is asked for again. */
const SHORT_TTL_SECONDS = 3;

/** What one persona got for one target, one time after the other. */
export interface Visit {
  readonly persona: Persona;
  readonly expected: Expectation;
  readonly answers: Answer[];
  readonly readings: Reading[];
}

/** Something was stored, long enough to be asked for again, and yet it has not come from the cache. */
export function isOwedAHit({ readings }: Visit): boolean {
  const [first, ...later] = readings;
  const lives = readings.some(({ stored, ttlSeconds }) => stored && (ttlSeconds ?? 0) > SHORT_TTL_SECONDS);
  return first !== undefined && lives && !later.some(isHit);
}

/** The promises of the lane that the policy gives this persona. */
export function laneChecks(context: AuditContext, target: Target, visit: Visit): Check[] {
  const { persona, expected, answers, readings } = visit;
  const name = persona.name;
  const first = answers[0];
  if (first === undefined) return [];
  const lane = laneCheck(target, visit);
  const isCached = expected.lane === 'scoped' || expected.lane === 'public';
  const unkeyed = isCached ? [unkeyedFieldsCheck(target, answers)] : [];
  if (lane.verdict !== 'kept') return [lane, ...unkeyed];
  const checks = [lane, ...unkeyed];
  if (isCached) checks.push(repeatCheck(visit), ttlCheck(target, visit));
  checks.push(
    promise(
      'cache-control',
      `${name} gets the Cache-Control of the ${expected.lane} lane`,
      unique(answers.map((answer) => cacheControlFault(context, target, persona, expected.lane, answer))),
    ),
  );
  if (isCached)
    checks.push(
      promise(
        'cookies',
        `nothing from the cache sets a cookie for ${name}`,
        unique(answers.map((answer, i) => cookieFault(answer, readings[i]))),
      ),
    );
  if (expected.lane === 'pass')
    checks.push(
      promise(
        'auth-route',
        `${name} ${expected.authenticated ? 'is marked' : 'is not marked'} as passed with authority (X-Auth-Route)`,
        unique(
          answers.map((answer) =>
            (answer.headers.get('x-auth-route') === 'true') === expected.authenticated
              ? null
              : `X-Auth-Route is ${answer.headers.get('x-auth-route') ?? 'missing'}`,
          ),
        ),
      ),
    );
  if (expected.lane === 'scoped') checks.push(varyCheck(target, visit));
  return checks;
}

function laneCheck({ route }: Target, { persona, expected, answers, readings }: Visit): Check {
  const statement = `${persona.name} takes the ${expected.lane} lane`;
  if (readings.every(({ state }) => state === null))
    return promise('lane', statement, [
      'no answer has an X-Cache: this is no claimcache service, or something before it removes the field',
    ]);
  const statuses = unique(answers.map(({ status }) => String(status)));
  if (persona.kind === 'user' && statuses.includes('403') && (route.scope?.requiredClaims.length ?? 0) > 0)
    return unproven('lane', statement, `${persona.name} lacks a claim that this scope requires (403)`);
  if (readings.some(({ detail }) => detail === 'vary-unkeyed'))
    return unproven('lane', statement, 'it passes, because the origin varies on a field that it sends');
  const wrong = readings.flatMap(({ lane, detail }, i) =>
    lane === expected.lane
      ? []
      : [
          `request ${i + 1}: lane ${lane ?? 'unknown'}${detail === null ? '' : ` (${detail})`}, status ${answers[i]?.status}${expired(persona)}`,
        ],
  );
  return promise('lane', statement, unique(wrong));
}

function expired({ jwt }: Persona): string {
  const seconds = expiryOf(jwt);
  return seconds !== null && seconds * 1000 < Date.now() ? '; the token of users.json has expired' : '';
}

function repeatCheck(visit: Visit): Check {
  const { persona, readings } = visit;
  const statement = `${persona.name} gets from the cache what was stored`;
  if (isOwedAHit(visit))
    return promise('repeat', statement, [
      `stored, and yet ${readings.length} requests were ${readings.map(({ state }) => state).join(', ')}`,
    ]);
  if (readings.some(isHit)) return promise('repeat', statement, []);
  const why = readings.find(({ detail }) => detail !== null)?.detail ?? 'unknown';
  return unproven('repeat', statement, `nothing was stored: ${why} (docs/concepts/caching.md)`);
}

function ttlCheck({ route }: Target, { persona, readings }: Visit): Check {
  const { maxSeconds } = route.freshness.ttl;
  const evidence = readings.flatMap(({ ttlSeconds }) =>
    ttlSeconds !== null && ttlSeconds > maxSeconds
      ? [`ttl ${ttlSeconds} s, though the policy allows ${maxSeconds} s`]
      : [],
  );
  return promise('ttl', `nothing lives longer for ${persona.name} than the policy allows`, unique(evidence));
}

function cookieFault({ setCookies }: Answer, reading: Reading | undefined): string | null {
  if (setCookies.length === 0 || reading === undefined || !reading.stored) return null;
  return `Set-Cookie on a ${reading.state} that ${isHit(reading) ? 'came from' : 'went into'} the cache`;
}

function varyCheck({ route }: Target, { persona, answers }: Visit): Check {
  const wanted = new Set(
    (route.scope?.providers ?? []).flatMap(({ credentials }) =>
      credentials.flatMap((place) => {
        if (place.kind === 'query') return [];
        return place.kind === 'header' ? place.name.toLowerCase() : 'cookie';
      }),
    ),
  );
  const evidence = answers.flatMap(({ headers }) => {
    const vary = (headers.get('vary') ?? '')
      .toLowerCase()
      .split(',')
      .map((field) => field.trim());
    const missing = [...wanted].filter((field) => !vary.includes(field) && !vary.includes('*'));
    return missing.length === 0 ? [] : [`Vary lacks ${missing.join(', ')}`];
  });
  return promise('vary', `${persona.name}'s browser keeps the page for them alone (Vary)`, unique(evidence));
}

function unique(list: readonly (string | null)[]): string[] {
  return [...new Set(list.filter((item) => item !== null))];
}
