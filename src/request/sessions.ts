import { rereadCookies } from '../http/cookies.ts';
import { HeaderFields } from '../http/header-fields.ts';
import type { Glob } from '../http/name-pattern.ts';
import { matchesGlob } from '../http/name-pattern.ts';
import { withoutCookies } from '../http/withhold-cookies.ts';
import type { Identify } from '../identity/identify.ts';
import { isSignedCookie } from '../identity/signed-cookie.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { SessionRule } from '../policy/cms/session-cookie.ts';
import type { Policy } from '../policy/policy.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { IdentityPlatform } from './authenticate.ts';

/** A request whose CMS cookies have been looked at. */
export interface Session {
  /** Without the cookies that do not validate: they are as if they had not been sent. */
  readonly facts: RequestFacts;
  /** A cookie did validate: an editor, not somebody who knows a name. */
  readonly isEditor: boolean;
  /** How many did not. */
  readonly refused: number;
}

/**
 * A function that validates CMS cookies where the policy asks for it; null where it does not. Anybody can send a cookie of
 * the right name, and so send public pages around the cache to the origin. What cannot be decided, because a store or
 * key server is down, counts as not valid: the cache is the harmless side.
 */
export function createSessions(
  { cms: { sessions } }: Pick<Policy, 'cms'>,
  platform: IdentityPlatform,
  identify: Identify,
): ((facts: RequestFacts) => Promise<Session>) | null {
  if (sessions.size === 0) return null;
  const patterns: [Glob, SessionRule][] = [];
  for (const [name, rule] of sessions) if (name.includes('*')) patterns.push([name.split('*'), rule]);

  return async function session(facts) {
    const { cookies } = facts;
    // By name: a cookie that is called as a pattern is written is one cookie.
    const sent = new Map<string, SessionRule>();
    for (const [name, rule] of sessions) if (cookies.has(name)) sent.set(name, rule);
    for (const [glob, rule] of patterns)
      for (const name of cookies.keys()) if (matchesGlob(glob, name)) sent.set(name, rule);
    if (sent.size === 0) return { facts, isEditor: false, refused: 0 };
    const refused = new Set<string>();
    for (const [name, rule] of sent) {
      const values = cookies.get(name) ?? [];
      const [value] = values;
      // Of two cookies of one name the origin may read the other.
      const isValid = value !== undefined && values.length === 1;
      if (!isValid || !(await validates(rule, name, value, facts))) refused.add(name);
    }
    const isEditor = refused.size < sent.size;
    return { facts: refused.size === 0 ? facts : without(facts, refused), isEditor, refused: refused.size };
  };

  async function validates(
    rule: SessionRule,
    name: string,
    value: string,
    { headers, cookies }: RequestFacts,
  ): Promise<boolean> {
    const nowMs = platform.nowMs();
    if (rule.kind === 'token') {
      const { revocation } = rule;
      const options = { revocation, cookies };
      return (await identify(headers, scopeIn(rule.scope, name), nowMs, options)).kind === 'verified';
    }
    try {
      const secret = (await platform.secret(rule.store, rule.item))?.trim() ?? '';
      return await isSignedCookie(value, { ...rule, name }, secret, nowMs);
    } catch {
      return false;
    }
  }
}

/** The scope of a rule, looking into one cookie alone: of several that a pattern means each stands for itself. */
function scopeIn(scope: Scope, name: string): Scope {
  if (scope.name === `cms:${name}`) return scope;
  const source = { kind: 'cookie', name } as const;
  return {
    ...scope,
    providers: scope.providers.map((provider) => ({ ...provider, credentials: [source] })),
  };
}

function without(facts: RequestFacts, names: ReadonlySet<string>): RequestFacts {
  const headers = new HeaderFields(facts.headers);
  const { text, cookies } = rereadCookies(withoutCookies(headers.get('cookie') ?? '', names));
  if (text === null) headers.delete('cookie');
  else headers.set('cookie', text);
  return { ...facts, headers, cookies, refusedCookies: names };
}
