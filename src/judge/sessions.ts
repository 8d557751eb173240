import { rereadCookies } from '../http/cookies.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { withoutCookies } from '../http/withhold-cookies.ts';
import type { Identify } from '../identity/identify.ts';
import { isSignedCookie } from '../identity/signed-cookie.ts';
import type { RequestFacts } from '../types/decision.ts';
import type { Policy, SessionRule } from '../types/policy.ts';
import type { WhoseNote, WhosePlatform } from './whose.ts';

/** A request whose CMS cookies have been looked at. */
export interface Session {
  /** Without the cookies that do not validate: they are as if they had not been sent. */
  readonly facts: RequestFacts;
  /** A cookie did validate: an editor, not somebody who knows a name. */
  readonly validated: boolean;
}

/**
 * A function that validates CMS cookies where the policy asks for it; null where it does not. Anybody can send a cookie of
 * the right name, and so send public pages around the cache to the origin. What cannot be decided, because a store or
 * key server is down, counts as not valid: the cache is the harmless side.
 */
export function createSessions(
  { cms: { sessions } }: Pick<Policy, 'cms'>,
  platform: WhosePlatform,
  identify: Identify,
): ((facts: RequestFacts, note: (facts: WhoseNote) => void) => Promise<Session>) | null {
  if (sessions.size === 0) return null;
  const names = [...sessions.keys()];

  return async function session(facts, note) {
    const { cookies } = facts;
    const sent = names.filter((name) => cookies.has(name));
    if (sent.length === 0) return { facts, validated: false };
    const refused = new Set<string>();
    for (const name of sent) {
      const rule = sessions.get(name);
      const values = cookies.get(name) ?? [];
      const [value] = values;
      // Of two cookies of one name the origin may read the other.
      const isValid = rule !== undefined && value !== undefined && values.length === 1;
      if (!isValid || !(await validates(rule, value, facts))) refused.add(name);
    }
    note({ refusedCookies: refused.size });
    const validated = refused.size < sent.length;
    return { facts: refused.size === 0 ? facts : without(facts, refused), validated };
  };

  async function validates(rule: SessionRule, value: string, facts: RequestFacts): Promise<boolean> {
    const nowMs = platform.nowMs();
    if (rule.kind === 'token') {
      const { headers, cookies } = facts;
      return (await identify(headers, rule.scope, nowMs, { cookies })).kind === 'verified';
    }
    try {
      const secret = (await platform.secret(rule.store, rule.item))?.trim() ?? '';
      return isSignedCookie(value, rule, secret, nowMs);
    } catch {
      return false;
    }
  }
}

function without(facts: RequestFacts, names: ReadonlySet<string>): RequestFacts {
  const headers = new HeaderFields(facts.headers);
  const { text, cookies } = rereadCookies(withoutCookies(headers.get('cookie') ?? '', names));
  if (text === null) headers.delete('cookie');
  else headers.set('cookie', text);
  return { ...facts, headers, cookies, refusedCookies: names };
}
