import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';

const POLICY = {
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      algorithms: ['RS256'],
      keys: { jwksUrl: 'https://keys.example/jwks', backend: 'keys' },
      credentials: [{ cookie: 'session' }, { header: 'X-Token' }],
    },
  },
  cms: { cookies: ['wp_*'] },
  scopes: { user: { claims: 'sub' } },
  routes: { account: { path: '/account', scope: 'user' } },
};
const compiled = (more: object) => compilePolicy({ ...POLICY, ...more } as never).fallbackRule;

describe('fallback', () => {
  it('is public, and says nothing, where it is not written', () => {
    expect(compiled({})).toBeNull();
    expect(compiled({ fallback: 'public' })).toBeNull();
    expect(compiled({ fallback: 'pass' })).toEqual({ kind: 'pass' });
  });

  it('auto knows the cookies of analytics and consent, and those of the policy', () => {
    const rule = compiled({ fallback: 'auto', ignoreCookies: ['theme', 'ab_*'] });
    expect(rule).toMatchObject({ kind: 'auto', credentialHeaders: ['x-token'] });
    const names = rule?.kind === 'auto' ? rule.ignoreCookies.names : new Set();
    for (const name of ['_ga', '_fbp', 'CookieConsent', 'theme']) expect(names.has(name)).toBe(true);
    for (const name of ['session', 'sid', 'PHPSESSID', 'ajs_user_id']) expect(names.has(name)).toBe(false);
  });

  it.each([
    [
      'a cookie that a provider takes for a token',
      { ignoreCookies: ['session'] },
      'providers.app.credentials',
    ],
    [
      'a cookie that a scope takes whole',
      { scopes: { key: { parts: [{ cookie: 'sid' }], providers: [] } }, ignoreCookies: ['sid'] },
      'scopes.key.parts.0 names the cookie "sid"',
    ],
    ['a pattern that means one of editors too', { ignoreCookies: ['*_admin'] }, 'cms.cookies'],
    ['every cookie', { ignoreCookies: ['*'] }, 'a pattern of names that is not * alone'],
    [
      'cookies where nobody looks at them',
      { fallback: 'pass', ignoreCookies: ['theme'] },
      "Only fallback: 'auto'",
    ],
    ['a word that is none', { fallback: 'automatic' }, 'Expected "public", "auto" or "pass"'],
  ])('%s is refused', (_, more, message) => {
    expect(() => compiled({ fallback: 'auto', ...more })).toThrow(message);
  });

  it('a cookie that is a credential is none of analytics, whatever its name', () => {
    const providers = { app: { ...POLICY.providers.app, credentials: [{ cookie: '_ga' }] } };
    const rule = compiled({ fallback: 'auto', providers });
    expect(rule?.kind === 'auto' && rule.ignoreCookies.names.has('_ga')).toBe(false);
  });

  it('warns where a session cookie is dropped and nobody has said so', () => {
    const warnings = (more: object) => policyWarnings({ ...POLICY, ...more } as never).join('\n');
    expect(warnings({})).toContain('lose the cookie "session"');
    expect(warnings({ scopes: { key: { parts: [{ cookie: 'sid' }], providers: [] } } })).toContain(
      'lose the cookie "sid" of scopes.key.parts.0',
    );
    for (const fallback of ['auto', 'pass', 'public'])
      expect(warnings({ fallback })).not.toContain('lose the cookie');
  });
});
