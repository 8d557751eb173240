import type { Lane } from '../../src/lanes/lane.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Route } from '../../src/policy/routes/route.ts';

/** Somebody as whom the site is asked. */
export interface Persona {
  readonly name: string;
  readonly kind: 'anonymous' | 'user' | 'editor' | 'impostor';
  /** What proves who they are: sent with each request, shown to nobody. */
  readonly credential: Readonly<Record<string, string>>;
  /** Another credential of the same person, such as a refreshed token; null: none was given. */
  readonly second: Readonly<Record<string, string>> | null;
  /** The token itself, where it is a JWT: what a forgery is made from. */
  readonly jwt: string | null;
  /** Texts that stand in this person's pages and in nobody else's. */
  readonly markers: readonly string[];
  /** Group by scope, `*` for every other scope. */
  readonly groups: ReadonlyMap<string, string>;
}

export interface Personas {
  readonly anonymous: Persona;
  readonly users: readonly Persona[];
  readonly editor: Persona;
  /** Texts that stand in the pages of a group, by its name. */
  readonly groupMarkers: ReadonlyMap<string, readonly string[]>;
}

/** A concrete URL that is audited, and what the policy says of it. */
export interface Target {
  readonly path: string;
  readonly route: Route;
  readonly kind: Route['kind'] | 'cms';
  /** Another query makes another entry, so that the audit gets a URL that no cache has seen. */
  readonly canBeFresh: boolean;
}

export interface Answer {
  readonly status: number;
  /** Lower case; several fields of one name joined by `, `, but for Set-Cookie. */
  readonly headers: ReadonlyMap<string, string>;
  readonly setCookies: readonly string[];
  /** Decoded. */
  readonly text: string;
  readonly bodyBytes: number;
}

export type State = 'HIT' | 'MISS' | 'STALE' | 'BYPASS' | 'ERROR';

/** What an answer says of where it came from. */
export interface Reading {
  readonly state: State | null;
  readonly lane: Lane | null;
  readonly stored: boolean;
  readonly ttlSeconds: number | null;
  readonly detail: string | null;
}

export type Verdict = 'kept' | 'broken' | 'unproven';

/** The names of the promises: stable. */
export type CheckId =
  /** Each visitor takes the lane of the policy: docs/concepts/lanes.md */
  | 'lane'
  /** A page that is stored hits when it is requested again. */
  | 'repeat'
  /** Nothing lives longer than `ttlSeconds.max`. */
  | 'ttl'
  /** Scoped: `private`, and no longer than `browserTtlSeconds` and the token. Pass and reject: `private, no-store, max-age=0`. */
  | 'cache-control'
  /** Public: the field is the same on a HIT and on a MISS. */
  | 'cache-control-repeat'
  /** Public, with `--origin`: the field is the origin's, unless `browserTtlSeconds` is set. */
  | 'cache-control-origin'
  /** No stored response sets a cookie. */
  | 'cookies'
  /** The origin's `Vary` names only what is in the key. Else add it to `vary` or `ignoreVary`. */
  | 'unkeyed-vary'
  /** A personal page names the credential's fields in `Vary`, so that a browser keeps it for that person. */
  | 'vary'
  /** A pass with a credential is marked with `X-Auth-Route`, and no other is. */
  | 'auth-route'
  /** No surrogate key or other internal field goes out. */
  | 'internal'
  /** Nobody sees another person's marker or credential. */
  | 'sightings'
  /** At a URL that only one person has requested, others get no HIT, copy, ETag or 304: also compressed, by HEAD and by range. */
  | 'isolation'
  /** The same for requests at the same time. */
  | 'together'
  /** Another token of a person hits that person's page. */
  | 'refreshed'
  /** A token with a wrong signature gets nothing. */
  | 'forged'
  /** A request with the credentials of two people mixes up no page. */
  | 'both'
  /** A path that looks like this one (`/api/orders/x.css`, `;x.css`, `%2fx.css`, upper case) stores nothing of it. */
  | 'lookalike'
  /** HEAD and GET agree. */
  | 'head'
  /** Public: no cookie or header of a visitor turns up in the page of the next one. */
  | 'unkeyed-input'
  /** Public: a cookie makes no page of its own. */
  | 'cookie-stripped'
  /** Public: no page of an editor reaches visitors. */
  | 'editor'
  /** A URL that no cache has seen can be requested. Not so where the key has no query, or the site rejects unknown parameters: then only markers can tell. */
  | 'fresh'
  /** The audit could make every request. */
  | 'complete';

/** A promise, and whether it held. */
export interface Check {
  readonly id: CheckId;
  readonly statement: string;
  readonly verdict: Verdict;
  readonly evidence: readonly string[];
}

/** What one persona got for one target. */
export interface Row {
  readonly persona: string;
  readonly lane: Lane | null;
  readonly states: readonly (State | null)[];
  readonly status: number;
  readonly ttlSeconds: number | null;
  readonly cacheControl: string | null;
}

export interface TargetReport {
  readonly route: string;
  readonly path: string;
  readonly kind: Target['kind'];
  readonly scope: string | null;
  readonly rows: readonly Row[];
  readonly checks: readonly Check[];
}

/** What `claimcache audit --json` prints, version 1. */
export interface AuditReport {
  readonly version: 1;
  readonly ok: boolean;
  readonly url: string;
  readonly policy: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly requests: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly targets: readonly TargetReport[];
  /** Patterns of routes for which no concrete path was given. */
  readonly unaudited: readonly string[];
  readonly remarks: readonly string[];
}

/** How a scenario asks, and what it may know. */
export interface AuditContext {
  readonly policy: Policy;
  readonly personas: Personas;
  readonly ask: Ask;
  readonly nowSeconds: () => number;
  /** The target with a query that nobody has sent before; the target itself where that makes no difference. */
  fresh(target: Target): string;
  /** Asks the origin itself, as nobody; null where it was not named. */
  readonly askOrigin: ((target: Target, path: string) => Promise<Answer>) | null;
}

export interface AskOptions {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the persona's own. */
  readonly credential?: Readonly<Record<string, string>>;
  /** Others whose credential is sent, too: their pages may come. */
  readonly alsoAs?: readonly Persona[];
}

export type Ask = (persona: Persona, path: string, options?: AskOptions) => Promise<Answer>;
