import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';
import type { HookSignatureInput } from '../../../src/policy/purge-hooks/hook-signature.ts';
import { github, standardWebhooks, strapi } from '../../../src/policy/purge-hooks/presets/index.ts';
import type { PurgeRuleInput } from '../../../src/policy/purge-hooks/purge-rule.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';

function policyOf(
  signature: HookSignatureInput,
  rule: PurgeRuleInput,
  changes: Partial<PolicyInput> = {},
): PolicyInput {
  return {
    origins: { app: { backend: 'origin' } },
    providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
    scopes: {
      user: { claims: 'sub' },
      team: { claims: ['tenant', 'role'], shared: true },
      staff: { parts: [{ set: 'roles', only: ['a'] }], shared: true },
    },
    routes: { orders: { path: '/api/orders', scope: 'user' } },
    purgeHooks: { cms: { signature, purge: [rule] } },
    ...changes,
  };
}

function problemsOf(policy: PolicyInput) {
  try {
    compilePolicy(policy);
  } catch (error) {
    if (error instanceof PolicyError) return error.issues;
    throw error;
  }
  return [];
}

const rule = { key: 'page:{slug}' };

describe('a rule that could purge something else than it says is refused', () => {
  it.each<[PurgeRuleInput, string, string, RegExp]>([
    [{ key: '{slug}' }, 'key', 'POLICY_UNSAFE', /Keys of the scope user .* or begin the key with more text/],
    [{ key: 'u{x}' }, 'key', 'POLICY_UNSAFE', /scope user/],
    [{ key: 'user:{id}' }, 'key', 'POLICY_UNSAFE', /write \{ scope: 'user', value/],
    [{ key: 'user:42' }, 'key', 'POLICY_UNSAFE', /scope user/],
    [{ key: 'route:{x}' }, 'key', 'POLICY_UNSAFE', /write \{ route \}/],
    [{ key: 'url:www.example.com/{x}' }, 'key', 'POLICY_UNSAFE', /write \{ url \}/],
    [{ key: 'type:{x}' }, 'key', 'POLICY_UNSAFE', /the keys type: itself/],
    [{ key: 'page:{a' }, 'key', 'POLICY_PATTERN', /paths of the body in braces/],
    [{ key: 'page:{a}}' }, 'key', 'POLICY_PATTERN', /paths of the body in braces/],
    [{ key: 'page:{a..b}' }, 'key', 'POLICY_PATTERN', /paths of the body in braces/],
    [{ key: 'page: {a}' }, 'key', 'POLICY_PATTERN', /without blanks/],
    [{ key: `page:{${'a.'.repeat(20)}b}` }, 'key', 'POLICY_CLAIM_PATH', /at most 16 names/],
    [{ url: 'https://www.example.com/{a}' }, 'url', 'POLICY_PATTERN', /host and path without scheme/],
    [{ url: 'www.example.com' }, 'url', 'POLICY_PATTERN', /host and path/],
    [{ url: '{host}/{a}' }, 'url', 'POLICY_PATTERN', /host and path/],
    [{ url: '/blog/{a}' }, 'url', 'POLICY_PATTERN', /host and path/],
    [{ url: 'www.example.com/a?b={a}' }, 'url', 'POLICY_PATTERN', /host and path/],
    [{ scope: 'usr', value: 'id' }, 'scope', 'POLICY_UNKNOWN_REFERENCE', /Did you mean "user"/],
    [{ scope: 'user', value: 'a..b' }, 'value', 'POLICY_CLAIM_PATH', /joined by dots/],
    [{ scope: 'team', value: 'id' }, 'value', 'POLICY_CONFLICT', /has 2 values: .* as values/],
    [{ scope: 'user', values: ['a', 'b'] }, 'values', 'POLICY_CONFLICT', /has 1 value:/],
    [{ scope: 'staff', value: 'roles' }, 'scope', 'POLICY_CONFLICT', /a set is purged by/],
    [{ route: 'order' }, 'route', 'POLICY_UNKNOWN_REFERENCE', /Did you mean "orders"/],
  ])('%j', (wrong, setting, code, fix) => {
    const problems = problemsOf(policyOf(github(), wrong));
    expect(problems).toMatchObject([{ code, path: `purgeHooks.cms.purge.0.${setting}` }]);
    expect(problems[0]?.fix).toMatch(fix);
  });

  it.each<PurgeRuleInput>([
    { key: 'page:{slug}' },
    { key: 'tag-{tags.*}' },
    { key: 'node:{data.fields.a\\.b.en-US}' },
    { key: 'home' },
    { url: 'localhost:7676{path}' },
    { url: '{permalink}' },
    { route: 'default' },
  ])('%j is fine', (right) => {
    expect(problemsOf(policyOf(github(), right))).toEqual([]);
  });
});

describe('a signature that nobody could give, or anybody could forge, is refused', () => {
  it.each<[HookSignatureInput, Partial<PolicyInput>, string, RegExp]>([
    [{ header: 'surrogate-x', encoding: 'hex' }, {}, 'POLICY_CONFLICT', /not let in with this field/],
    [{ header: 'x_sign', encoding: 'hex' }, {}, 'POLICY_CONFLICT', /letters, digits and -/],
    [{ header: 'cookie', encoding: 'hex' }, {}, 'POLICY_CONFLICT', /not let in/],
    [{ header: 'x-real-signature', encoding: 'hex' }, {}, 'POLICY_CONFLICT', /requestHeaders\.allow/],
    [github(), { requestHeaders: { drop: ['x-hub-*'] } }, 'POLICY_CONFLICT', /requestHeaders\.drop/],
    [
      { header: 'x-s', encoding: 'hex', timestamp: { header: 'x-claimcache-time' } },
      {},
      'POLICY_CONFLICT',
      /not let in/,
    ],
    [
      { header: 'x-s', encoding: 'hex', timestamp: { header: 'x-t' }, signed: '{body}' },
      {},
      'POLICY_UNSAFE',
      /A time that is not signed/,
    ],
    [
      { header: 'x-s', encoding: 'hex', signed: '{timestamp}.{body}' },
      {},
      'POLICY_UNSAFE',
      /which field holds the time/,
    ],
  ])('%j', (signature, changes, code, fix) => {
    const problems = problemsOf(policyOf(signature, rule, changes));
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(problems.map((problem) => problem.fix).join(' ')).toMatch(fix);
  });

  it('a name that cannot stand in a path is refused', () => {
    const policy = policyOf(github(), rule);
    const renamed = { ...policy, purgeHooks: { 'My CMS': policy.purgeHooks?.cms } } as PolicyInput;
    expect(problemsOf(renamed)).toMatchObject([{ code: 'POLICY_NAME', path: 'purgeHooks.My CMS' }]);
  });

  it('the build warns where the secret travels with each delivery', () => {
    expect(policyWarnings(policyOf(strapi(), rule))).toEqual([
      expect.stringMatching(/purgeHooks\.cms\.signature: the secret itself/),
    ]);
    expect(policyWarnings(policyOf(standardWebhooks(), rule))).toEqual([]);
  });
});

it('what is left out has a default', () => {
  const { purgeHooks, hookLimit } = compilePolicy(policyOf(standardWebhooks(), rule));
  expect(purgeHooks.get('cms')).toEqual({
    name: 'cms',
    store: 'claimcache_secrets',
    item: 'hook_cms',
    signature: {
      kind: 'hmac',
      format: 'standard-webhooks',
      header: 'webhook-signature',
      encoding: 'base64',
      hashBytes: 32,
      prefix: '',
      before: '',
      timestamp: { header: 'webhook-timestamp', unitMs: 1000, maxAgeMs: 300_000 },
    },
    rules: [{ kind: 'key', template: ['page:', ['slug']] }],
    soft: false,
    bodyBytes: 262_144,
  });
  expect(hookLimit).toMatchObject({ count: 600, windowSeconds: 60, rateCounter: 'claimcache_hooks' });
});
