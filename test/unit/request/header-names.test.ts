import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PassDecision } from '../../../src/lanes/decision.ts';
import { passRequest } from '../../../src/origin/pass-request.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { isDangerous } from '../../../src/policy/request-fields/dangerous-fields.ts';
import { dangerOf } from '../../../src/policy/request-fields/dangers.ts';
import {
  cgiVariable,
  REQUEST_HEADER_NAMES,
  SPELLINGS,
  spelt,
  TRUSTED_VARIABLE,
} from '../../support/request-header-names.ts';
import { ALICE, decisionOf, factsOf, POLICY, router, verified } from '../support/pipeline.ts';

const policy = compilePolicy({
  // All of them in one request.
  limits: { headerBytes: 65_536 },
  ...POLICY,
  origins: { app: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'lock' } } },
  routes: {
    ...POLICY.routes,
    orders: {
      path: '/api/orders',
      scope: 'user',
      forwardClaims: { 'x-user-id': 'sub', 'X-Tenant-Id': 'tenant.id' },
    },
  },
});

/** What an origin in the manner of CGI finds of a client's fields, by variable. */
function variablesOf(names: readonly string[], method: string, isVerified: boolean): readonly string[] {
  const target = isVerified ? '/api/orders' : '/live';
  const init = { method, headers: Object.fromEntries(names.map((name) => [name, 'by-a-client'])) };
  const facts = factsOf(target, init, policy);
  const identity = isVerified ? verified() : null;
  const decision = decisionOf(target, { method, identity }) as PassDecision;
  const caller = { identity: isVerified ? ALICE : null, claims: [] };
  const origin = router.originOf(decision.route, facts.path, facts.host);
  const { headers } = passRequest(facts, decision, origin, caller, null);
  return [...headers].filter(([, value]) => value.includes('by-a-client')).map(([name]) => cgiVariable(name));
}

describe('names of request fields', () => {
  it('are as many as public lists have', () => {
    expect(REQUEST_HEADER_NAMES.length).toBeGreaterThanOrEqual(1312);
    for (const name of REQUEST_HEADER_NAMES) expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(
      REQUEST_HEADER_NAMES.filter((name) => TRUSTED_VARIABLE.test(cgiVariable(name))).length,
    ).toBeGreaterThan(150);
  });

  it.each(SPELLINGS)(
    'spelt with %s none becomes a field that an origin trusts, whoever asks and how',
    (spelling) => {
      const names = REQUEST_HEADER_NAMES.map((name) => spelt(name, spelling));
      for (const method of ['POST', 'OPTIONS', 'GET', 'DELETE']) {
        for (const isVerified of method === 'GET' ? [false] : [true, false]) {
          const trusted = variablesOf(names, method, isVerified).filter((name) =>
            TRUSTED_VARIABLE.test(name),
          );
          expect(trusted, `${method} ${isVerified}`).toEqual([]);
        }
      }
    },
  );

  it('what is no more than a name goes on', () => {
    const found = variablesOf(REQUEST_HEADER_NAMES, 'POST', false);
    for (const name of [
      'HTTP_ACCEPT',
      'HTTP_X_REQUESTED_WITH',
      'HTTP_X_CSRF_TOKEN',
      'HTTP_TRACEPARENT',
      'HTTP_X_API_KEY',
    ])
      expect(found).toContain(name);
    expect(found.length).toBeGreaterThan(REQUEST_HEADER_NAMES.length / 2);
  });

  it('in any mixture of what a token may have, none folds to a trusted field', () => {
    const separator = fc.stringMatching(/^[!#$%&'*+.^_`|~-]{1,2}$/);
    const trusted = REQUEST_HEADER_NAMES.filter((name) => TRUSTED_VARIABLE.test(cgiVariable(name)));
    fc.assert(
      fc.property(
        fc.constantFrom(...trusted),
        fc.array(separator, { minLength: 8, maxLength: 8 }),
        (name, separators) => {
          const parts = name.split('-');
          const mixed = parts.reduce((text, part, i) => `${text}${separators[i % 8]}${part}`);
          expect(variablesOf([mixed], 'POST', false).filter((one) => TRUSTED_VARIABLE.test(one))).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('each dangerous one has a kind, and only those have', () => {
    for (const name of REQUEST_HEADER_NAMES) expect(dangerOf(name) !== null, name).toBe(isDangerous(name));
  });
});
