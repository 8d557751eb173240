import type { Answers, Note } from '../draft.ts';
import type { Treatment } from '../rules.ts';
import type { Behaviour } from './behaviour.ts';
import type { Names } from './managed-policies.ts';

export interface Treated {
  /** null: by cookies that nobody named, so the paths are the fallback's. */
  readonly treatment: Treatment | null;
  readonly notes: readonly Note[];
}

const HAVE_MEANING = new Set(['host', 'accept-encoding', 'authorization', 'cookie']);

/** What one behaviour comes to: public, a scope, or a pass. Where the key had what cannot be in ours, nothing is kept. */
export function treat(behaviour: Behaviour, origin: string | undefined, answers: Answers): Treated {
  const { glob, line, cache, request } = behaviour;
  const notes: Note[] = [];
  const note = (kind: Note['kind'], text: string) => notes.push({ kind, line, text: `${glob}: ${text}` });
  const at = origin === undefined ? {} : { origin };
  const pass: Treatment = { lane: 'pass', ...at };

  if (cache.maxSeconds === 0) {
    note('done', `${cache.name} keeps nothing: lane pass.`);
    return { treatment: pass, notes };
  }
  const headers = cache.headers.map((name) => name.toLowerCase());
  const isPerToken = headers.includes('authorization');
  const tokenCookie = answers.tokenCookie;
  const cookies = namesIn(cache.cookies).filter((name) => name !== tokenCookie);
  const isPerCookie = tokenCookie !== undefined && namesIn(cache.cookies).includes(tokenCookie);
  const unkeyed = unkeyedCredentials(behaviour, isPerToken, tokenCookie);

  if (cache.cookies.mode === 'all' || cache.cookies.mode === 'allExcept' || cookies.length > 0) {
    const which = cookies.length > 0 ? `the cookies ${cookies.join(', ')}` : 'cookies';
    note(
      'changed',
      `its key has ${which}, and a policy keeps nothing by the text of a cookie. ${glob === '*' && !isPerToken ? 'The fallback decides: it passes with a cookie.' : 'It passes.'} Where one of them holds a token, add --token-cookie NAME.`,
    );
    return { treatment: glob === '*' && !isPerToken ? null : pass, notes };
  }
  if (unkeyed.length > 0) {
    note(
      'changed',
      `the origin got ${unkeyed.join(' and ')}, which its key did not have: whoever came first filled the entry for everybody. ${glob === '*' ? 'The fallback decides now.' : "It passes now; write lane: 'public' where the pages are the same for all."}`,
    );
    return { treatment: glob === '*' ? null : pass, notes };
  }
  const ours = headers.filter((name) => /^cloudfront-/.test(name));
  if (ours.length > 0) {
    note(
      'not-carried',
      `its key has ${ours.join(', ')}, which only CloudFront sends: it passes. \`parts\` of a scope have country and device.`,
    );
    return { treatment: pass, notes };
  }
  const vary = headers.filter((name) => !HAVE_MEANING.has(name));
  const forbidden = vary.filter((name) => !/^[a-z0-9-]{1,64}$/.test(name) || isDangerous(name));
  if (forbidden.length > 0) {
    note(
      'changed',
      `its key has ${forbidden.join(', ').slice(0, 100)}, which reaches no origin here: it passes.`,
    );
    return { treatment: pass, notes };
  }
  const query = queryOf(cache.query, note);
  if (request !== null) forwardedOnly(behaviour, note);
  const treatment: Treatment = {
    ...(isPerToken || isPerCookie ? { scope: 'user' } : { lane: 'public' }),
    ...at,
    ttlSeconds: ttlOf(behaviour),
    ...(query === undefined ? {} : { query }),
    ...(vary.length > 0 ? { vary } : {}),
    ...(behaviour.compress === false && !isPerToken && !isPerCookie ? { compress: false } : {}),
    ...(isPerToken || isPerCookie ? { onMissing: 'pass', onInvalid: 'pass' } : {}),
  };
  if (isPerToken || isPerCookie) {
    note(
      'done',
      `${isPerToken ? 'Authorization' : `the cookie ${tokenCookie}`} in its key becomes scope user, whose key is the verified claim: a new token of the same person hits.`,
    );
    note(
      'changed',
      'a token that is missing or does not verify passes, as before the origin answers it. Without onMissing and onInvalid the edge answers 401.',
    );
  } else note('done', `everybody shares an entry: lane public, for ${ttlText(behaviour)}.`);
  if (cache.minSeconds > 0)
    note(
      'changed',
      `MinTTL ${cache.minSeconds} kept what the origin forbade to keep; here it raises what is longer than 0 alone.`,
    );
  return { treatment, notes };
}

/** Names that stand in a list of names; none for all and all but some. */
function namesIn(names: Names): readonly string[] {
  return names.mode === 'some' ? names.names : [];
}

/** Credentials that reached the origin without being in the key. */
function unkeyedCredentials(
  { cache, request }: Behaviour,
  isPerToken: boolean,
  tokenCookie?: string,
): readonly string[] {
  if (request === null) return [];
  const keyed = new Set(namesIn(cache.cookies));
  const cookies =
    request.cookies.mode === 'some'
      ? request.cookies.names.some((name) => !keyed.has(name) && name !== tokenCookie)
      : request.cookies.mode !== 'none';
  const named =
    request.headers.mode === 'some' || request.headers.mode === 'allExcept' ? request.headers.names : [];
  const has = named.some((name) => name.toLowerCase() === 'authorization');
  const gets = request.headers.mode === 'all' || (request.headers.mode === 'allExcept' ? !has : has);
  return [...(cookies ? ['cookies'] : []), ...(gets && !isPerToken ? ['Authorization'] : [])];
}

function forwardedOnly({ request }: Behaviour, note: (kind: Note['kind'], text: string) => void): void {
  if (request === null) return;
  const { headers, query } = request;
  if (headers.mode === 'some' && headers.names.some((name) => name.toLowerCase() !== 'host'))
    note(
      'changed',
      `the origin does not get ${headers.names.join(', ').slice(0, 200)} where an answer is kept: what is no part of the key does not reach it. Add to vary what it needs.`,
    );
  if (query.mode !== 'none')
    note('changed', 'the origin gets the query that counts, and no other parameter.');
}

function queryOf(
  query: Names,
  note: (kind: Note['kind'], text: string) => void,
): 'none' | readonly string[] | undefined {
  if (query.mode === 'none') return 'none';
  if (query.mode === 'some') return query.names.length === 0 ? 'none' : query.names;
  if (query.mode === 'allExcept')
    note(
      'changed',
      `all parameters count, ${query.names.join(', ').slice(0, 200)} too: fewer hits, and never a wrong one.`,
    );
  return undefined;
}

function ttlOf({ cache }: Behaviour) {
  const { minSeconds, defaultSeconds, maxSeconds } = cache;
  return {
    // Without a lifetime of its own CloudFront keeps nothing where this is 0.
    ...(defaultSeconds > 0 ? { default: defaultSeconds } : {}),
    ...(minSeconds > 0 ? { min: minSeconds } : {}),
    max: maxSeconds,
  };
}

function ttlText({ cache }: Behaviour): string {
  return cache.defaultSeconds > 0
    ? `${cache.defaultSeconds} s where the origin says nothing`
    : 'as long as the origin says';
}

/** Fields that an origin takes for the word of a proxy: a policy lets none of them in. */
function isDangerous(name: string): boolean {
  return /^(?:x-)?(?:http-)?method|^x-(?:forwarded|original|rewrite|real|client)|^forwarded$|^proxy|^range$|^if-/.test(
    name,
  );
}
