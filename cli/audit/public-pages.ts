import { randomBytes } from 'node:crypto';
import { promise, unproven } from './check.ts';
import { bodyOf } from './copies.ts';
import { isHit, readAnswer } from './read-answer.ts';
import type { Answer, AuditContext, Check, Target } from './types.ts';

/** What one visitor sends must not change what everybody gets; what the origin says of caching reaches the browser. */
export async function publicPages(context: AuditContext, target: Target): Promise<Check[]> {
  if (target.kind !== 'public') return [];
  return [
    ...(await inputs(context, target)),
    ...(await survival(context, target)),
    await editors(context, target),
  ];
}

/** A cookie, and headers that careless origins build links from. None is part of the key, so none may reach the page. */
async function inputs({ ask, fresh, personas }: AuditContext, target: Target): Promise<Check[]> {
  const word = `audit${randomBytes(8).toString('hex')}`;
  const path = fresh(target);
  const odd = await ask(personas.anonymous, path, {
    headers: {
      cookie: `claimcache_audit=${word}`,
      'x-forwarded-host': `${word}.invalid`,
      'x-original-url': `/${word}`,
      'x-rewrite-url': `/${word}`,
      forwarded: `host=${word}.invalid`,
    },
  });
  const clean = await ask(personas.anonymous, path);
  const [first, second] = [readAnswer(odd, target), readAnswer(clean, target)];
  const splits = target.canBeFresh && first.stored && (first.ttlSeconds ?? 0) > 1 && !isHit(second);
  return [
    promise(
      'unkeyed-input',
      'nothing that one visitor sends in a cookie or a header turns up in the page of the next',
      holds(clean, word)
        ? [`GET ${path}: a value of an earlier visitor's cookie or header is in the page (${second.state})`]
        : [],
    ),
    promise('cookie-stripped', 'a cookie makes no page of its own', [
      ...(splits ? [`GET ${path}: stored with a cookie, and a ${second.state} without`] : []),
      ...(isHit(second) && bodyOf(odd) !== bodyOf(clean) && first.stored
        ? [`GET ${path}: the page with a cookie is another one`]
        : []),
    ]),
  ];
}

function holds({ text, headers }: Answer, word: string): boolean {
  return text.includes(word) || [...headers.values()].some((value) => value.includes(word));
}

async function survival(context: AuditContext, target: Target): Promise<Check[]> {
  const { ask, fresh, personas, askOrigin } = context;
  const path = fresh(target);
  // Before and after: an origin that counts down to midnight says something else a second later.
  const before = await askOrigin?.(target, path);
  const first = await ask(personas.anonymous, path);
  const second = await ask(personas.anonymous, path);
  const after = await askOrigin?.(target, path);
  const changed = isHit(readAnswer(second, target)) && said(first) !== said(second);
  const repeat = promise(
    'cache-control-repeat',
    'the Cache-Control is the same from the cache as from the origin’s answer',
    changed ? [`first ${shown(said(first))}, then ${shown(said(second))}`] : [],
  );
  if (before === undefined || after === undefined) return [repeat];
  return [repeat, originCheck(target, first, before, after)];
}

function originCheck(target: Target, site: Answer, before: Answer, after: Answer): Check {
  const id = 'cache-control-origin';
  const statement = 'the origin’s Cache-Control survives byte for byte';
  if (before.status !== site.status)
    return unproven(id, statement, `the origin answers ${before.status}, the site ${site.status}`);
  if (said(before) !== said(after))
    return unproven(id, statement, 'the origin itself says something else each time');
  const wanted = byPolicy(target, before);
  return promise(
    id,
    statement,
    wanted === said(site) ? [] : [`the site says ${shown(said(site))}, not ${shown(wanted)}`],
  );
}

function said({ headers }: Answer): string | null {
  return headers.get('cache-control') ?? null;
}

/** `browserTtlSeconds` takes the place of what the origin says of a page, where that allows a shared cache to keep it. */
function byPolicy({ route }: Target, answer: Answer): string | null {
  const origin = said(answer);
  if (route.browserTtlSeconds === null || answer.status >= 400 || answer.setCookies.length > 0) return origin;
  return /(?:^|[\s,])(?:no-store|no-cache|private)(?:$|[\s,=])/i.test(origin ?? '')
    ? origin
    : `public, max-age=${route.browserTtlSeconds}`;
}

/** An editor first, then everybody: the draft went past the cache. */
async function editors({ ask, fresh, personas }: AuditContext, target: Target): Promise<Check> {
  const path = fresh(target);
  await ask(personas.editor, path);
  const reading = readAnswer(await ask(personas.anonymous, path), target);
  return promise(
    'editor',
    'what an editor gets is not kept for everybody',
    target.canBeFresh && isHit(reading)
      ? [`GET ${path}: only the editor had asked for it, and yet it is a HIT`]
      : [],
  );
}

function shown(value: string | null): string {
  return value === null ? 'none' : `"${value}"`;
}
