import { describe, expect, it } from 'vitest';
import { isTooManyToCompare } from '../../../src/http/unkeyed-vary.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { unkeyedFields } from '../../../src/policy/request-fields/unkeyed-fields.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';
import { POLICY } from '../support/pipeline.ts';

const known = (changes: Partial<PolicyInput> = {}, name = 'assets') =>
  [...compilePolicy({ ...POLICY, ...changes }).routes].find((route) => route.name === name)?.freshness
    .knownVary ?? [];
const unkeyed = (vary: string | null, of = known()) => unkeyedFields(vary, of);

describe('what an origin varies on and could not see', () => {
  it('is each field that is no part of the key, once, in lower case', () => {
    expect(unkeyed('X-Inertia,Accept-Language , x-inertia,, "no name"')).toEqual([
      'x-inertia',
      'accept-language',
    ]);
    expect(unkeyed(null)).toEqual([]);
  });

  it('is never a credential, the host, the encoding, or what no origin gets on any lane', () => {
    expect(unkeyed('Cookie, Authorization, Accept-Encoding, Host, *, X-Forwarded-For, X-Real-IP')).toEqual(
      [],
    );
    // Every field of an address is dropped, not the usual ones alone.
    expect(unkeyed('X-Remote-Addr, CF-Connecting-IPv6, X-Azure-SocketIP, True-Client-IP')).toEqual([]);
  });

  it('is not what the route names in vary, or what its scope is made of', () => {
    expect(unkeyed('X-Variant, X-Other', known({}, 'orders'))).toEqual(['x-other']);
    const scopes = {
      ...POLICY.scopes,
      beta: { claims: 'sub', parts: [{ header: 'X-Beta', values: ['1'] }, { device: true as const }] },
    };
    const routes = { beta: { path: '/beta', scope: 'beta' } };
    expect(unkeyed('X-Beta, User-Agent, X-Other', known({ scopes, routes }, 'beta'))).toEqual(['x-other']);
  });

  it('is Origin only where the policy does not answer for CORS', () => {
    const cors = { origins: ['https://app.test'] };
    expect(unkeyed('Origin')).toEqual(['origin']);
    expect(unkeyed('Origin, Access-Control-Request-Headers', known({ cors }))).toEqual([]);
    const routes = { own: { path: '/own', cors: false } };
    expect(unkeyed('Origin', known({ cors, routes }, 'own'))).toEqual(['origin']);
  });

  it('is what ignoreVary of the policy or the route leaves, on paths without a route too', () => {
    const routes = { page: { path: '/page', ignoreVary: ['Accept'] }, other: { path: '/other' } };
    const changes = { ignoreVary: ['User-Agent'], routes };
    expect(unkeyed('User-Agent, Accept', known(changes, 'page'))).toEqual([]);
    expect(unkeyed('User-Agent, Accept', known(changes, 'other'))).toEqual(['accept']);
    const { fallback } = compilePolicy({ ...POLICY, ...changes });
    expect(unkeyed('User-Agent, Accept', fallback.freshness.knownVary)).toEqual(['accept']);
  });

  it('is too much beyond what any client sends', () => {
    const names = Array.from({ length: 33 }, (_, i) => `x-${i}`);
    expect(isTooManyToCompare(unkeyed(names.join(', ')))).toBe(true);
    expect(isTooManyToCompare(unkeyed(names.slice(1).join(', ')))).toBe(false);
  });
});

describe('a policy', () => {
  it('that ignores a field, or compresses a scoped page, is told what that means', () => {
    const routes = {
      page: { path: '/page', ignoreVary: ['accept-language'] },
      mine: { path: '/mine', scope: 'user', compress: true },
      open: { path: '/open', compress: true },
    };
    expect(policyWarnings({ ...POLICY, fallback: 'public', ignoreVary: ['user-agent'], routes })).toEqual([
      expect.stringMatching(/^ignoreVary: .*user-agent/),
      expect.stringMatching(/^routes.page.ignoreVary: .*accept-language/),
      expect.stringMatching(/^routes.mine.compress: .*BREACH/),
    ]);
    expect(policyWarnings({ ...POLICY, fallback: 'public' })).toEqual([]);
  });

  it('that keys by a field as it comes is told what bounds it, and by what else', () => {
    const routes = {
      page: { path: '/page', vary: ['Accept-Language', 'rsc', 'Referer'] },
      mine: { path: '/mine', scope: 'user', vary: ['accept', 'user-agent'] },
    };
    expect(policyWarnings({ ...POLICY, fallback: 'public', routes })).toEqual([
      expect.stringMatching(/^routes.page.vary: Accept-Language .*variants: \{ languages/),
      expect.stringMatching(/^routes.page.vary: Referer .*no-store/),
      expect.stringMatching(/^routes.mine.vary: user-agent .*\{ device: true \} of the scope/),
    ]);
  });

  it.each([{ lane: 'pass' as const }, { scope: 'user', cache: false }])(
    'cannot say so of what is never cached: %j',
    (route) => {
      const routes = (more: object) => ({ page: { path: '/page', ...route, ...more } });
      for (const more of [{ compress: true }, { ignoreVary: ['accept'] }])
        expect(() => compilePolicy({ ...POLICY, routes: routes(more) })).toThrow('POLICY_CONFLICT');
    },
  );

  it('compresses what is public, and of scopes what it says', () => {
    const routes = {
      open: { path: '/open' },
      plain: { path: '/plain', compress: false },
      mine: { path: '/mine', scope: 'user' },
      told: { path: '/told', scope: 'user', compress: true },
      past: { path: '/past', lane: 'pass' as const },
    };
    const compiled = [...compilePolicy({ ...POLICY, routes }).routes];
    expect(compiled.map(({ compress }) => compress)).toEqual([true, false, false, true, false]);
  });
});
