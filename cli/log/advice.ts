import type { FRESHNESS_TEXTS } from '../../src/explain/texts.ts';
import type { Reason } from '../../src/lanes/lane.ts';
import { own } from '../../src/policy/claims/own.ts';
import type { RequestLine } from './live-news.ts';

type Detail =
  | keyof typeof FRESHNESS_TEXTS
  | 'purged-meanwhile'
  | 'incomplete'
  | 'streaming'
  | 'unannounced'
  | 'behind-marker'
  | 'collapse-timeout'
  | 'leak-guard';

const METHOD = 'Nothing: a write is never cached. Where it only reads, ask with GET.';
const EDITOR = 'Ask without it: an editor gets what is true now. Visitors get a HIT.';

/** What would make a HIT of a request that took a lane for this reason; null: it may be cached, and the detail says more. */
export const BY_REASON: Readonly<Record<Reason, string | null>> = {
  anonymous: null,
  'scope-verified': null,
  error: null,
  'scope-write': METHOD,
  'unsafe-method': METHOD,
  'graphql-mutation': METHOD,
  'body-unkeyed':
    'Send a body that can be part of the key: `detail` says why this one cannot. See \u201cCaching POST and QUERY\u201d.',
  'query-method': "Give the route `methods: ['QUERY']` and `body`: QUERY is cached where a route says so.",
  websocket: 'Nothing: a WebSocket goes to the origin, and nothing of it is stored.',
  preflight: 'Let the edge answer preflights: set `cors` in the policy.',
  'scope-sensitive': 'The route says `cache: false`. Remove it where the page may be stored.',
  'scope-editor': EDITOR,
  'cms-cookie': EDITOR,
  'cms-query': EDITOR,
  'cms-header': EDITOR,
  'cms-path': 'The path is in `cms.paths`. Remove it there where visitors read it, too.',
  'scope-fallback-pass':
    'Send a good credential, or set `onMissing` and `onInvalid` of the route to `public`.',
  'scope-fallback-public': null,
  'authorization-unclaimed':
    'Give the route a `scope`; or do not send Authorization there; or set `cms.bearer: false`, where no origin reads it.',
  'route-pass': "The route says `lane: 'pass'`. Give it a scope, or `lane: 'public'`.",
  'fallback-pass': "No route names this path, and the policy says `fallback: 'pass'`. Add a route.",
  'fallback-credential':
    'No route names this path, and the request carries a credential. Add a route with a scope.',
  'fallback-cookie':
    'No route names this path. Add one, or name the cookie in `ignoreCookies` where it means nothing to the page.',
  'ambiguous-target': 'Correct the link: `//`, `;`, `%2f` and the like can be read in two ways.',
  'protected-lookalike': 'Correct the link; or give the path a route of its own, where it is meant.',
  'body-on-get': 'Send no body with GET.',
  'other-scheme': 'Authorization is of a scheme in `otherSchemes`. Ask without it.',
  'graphql-subscription': 'Nothing: a subscription is never cached.',
  'graphql-unsupported': 'Send one operation in a document, and ask for the answer as a whole.',
  'graphql-batch': 'Send each query in a request of its own.',
  'graphql-unlearned': 'Send the text with the hash once, or ask with GET.',
  'graphql-unreadable': 'Send JSON with `query`, once and as text.',
  'graphql-ask': 'Nothing: the client sends the text now, and then it can be cached.',
  'switch-pass': 'Remove the switch: see Switches.',
  'switch-observe': 'Remove the switch: see Switches. `observed` says what would have been done.',
  'switches-unreadable': 'Look at the Config Store: as long as it cannot be read, nothing is cached.',
  'no-engine': 'Enable the HTTP cache of the service, or set the switch `cache_engine` to `core`.',
  'vary-unkeyed':
    'The client sends a field that the answer varies on and the key lacks. Add it to the route\u2019s `vary`, or to `ignoreVary` where it changes nothing.',
};

/** What would make a HIT of a request whose answer was treated so. */
export const BY_DETAIL: Readonly<Record<Detail, string>> = {
  stored:
    'Nothing: the first request fills the cache. Where there are many: leave parameters out of the key (`ignoreQuery`), or keep it longer (`ttlSeconds.min`).',
  'no-store': 'Let the origin send `Cache-Control: max-age=60` in the place of `no-store`.',
  'no-cache': 'Let the origin send `Cache-Control: max-age=60` in the place of `no-cache`.',
  private:
    'Let the origin send `public`; or give the route a scope of one person, for which `private` is stored.',
  'no-consent': 'Several people share this entry: let the origin send `public` or `s-maxage`.',
  'set-cookie':
    'Set no cookie there; or set `stripSetCookie` (a public route), or `stripSetCookies` with its name (a scoped one).',
  'vary-star': 'Let the origin name the fields in the place of `Vary: *`, 32 at most.',
  status: 'Let the origin answer 200, or set `negativeTtlSeconds` for errors that may be kept.',
  partial: 'Let the origin answer the whole: the edge cuts ranges out of it by itself.',
  'no-freshness': 'Let the origin send `max-age`, or set `ttlSeconds.default` of the route.',
  'zero-ttl': 'Nothing is left of its lifetime: compare `Age` with `max-age`, and see `ttlSeconds.max`.',
  'content-mismatch': 'The path promises a file and the answer is HTML: let the origin answer 404 there.',
  'event-stream': 'Nothing: it goes on for as long as somebody listens.',
  'forwarded-echo': 'Let the origin keep values of `forwardHeaders` out of its headers and of `Vary`.',
  'graphql-errors': 'Correct the errors in the answer.',
  'graphql-unseen':
    'Let the origin answer with plain JSON of a size within `limits.answerBytes` of `graphql`.',
  'purged-meanwhile': 'Nothing: a purge went by. Where there are many, somebody purges too much.',
  incomplete: 'The answer was cut off: let the origin announce its length, and look at why it ends early.',
  streaming: 'Nothing: it is stored as soon as it has ended whole.',
  unannounced: 'Let the origin announce the length of the answer (`Content-Length`).',
  'behind-marker': 'Nothing: it is stored once the marker of the answer before it is gone, after 10 s.',
  'collapse-timeout':
    'The first request took too long, and this one asked alone: look at the origin\u2019s time.',
  'leak-guard': 'An alarm: the stored page was another person\u2019s. See \u201cA leak is suspected\u201d.',
};

/** What would have made a HIT of this request, in words; null where it is one, or nobody knows. */
export function adviceOf(
  line: Pick<RequestLine, 'state' | 'reason' | 'detail' | 'unkeyedVary'>,
): string | null {
  const { state, reason, detail, unkeyedVary } = line;
  if (state !== 'MISS' && state !== 'BYPASS') return null;
  if (unkeyedVary !== undefined) {
    const names = unkeyedVary.join(', ');
    return `Vary: ${names} was withheld: add it to the route\u2019s \`vary\`, or to \`ignoreVary\` where it changes nothing.`;
  }
  // A line may name whatever somebody has written into it.
  return own(BY_REASON, reason) ?? own<string>(BY_DETAIL, detail) ?? null;
}
