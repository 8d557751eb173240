import { describe, expect, it } from 'vitest';
import { EdgeError } from '../../../src/errors.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { CorsInput } from '../../../src/policy/cors-rule.ts';
import { answerPreflight, applyCors, isPreflight } from '../../../src/request/cors.ts';
import { applyHsts, needsRedirect, redirectToHttps } from '../../../src/request/https.ts';
import { factsOf, POLICY } from '../support/pipeline.ts';

function rule(cors: CorsInput) {
  const compiled = compilePolicy({ ...POLICY, cors }).cors;
  if (compiled === null) throw new Error('no rule');
  return compiled;
}
const APP: CorsInput = {
  origins: ['https://app.example', 'https://*.tenant.example'],
  methods: ['put'],
  headers: ['authorization'],
  exposeHeaders: ['x-cache'],
  credentials: true,
};
const allowed = (origin: string | null, cors = APP) => {
  const headers = new Headers({
    'access-control-allow-origin': 'https://of-the-origin.example',
    vary: 'Accept',
  });
  applyCors(rule(cors), origin, headers);
  return headers;
};

describe('CORS', () => {
  it.each(['https://app.example', 'https://a.tenant.example', 'https://a.b.tenant.example'])(
    '%s is allowed',
    (origin) => {
      const headers = allowed(origin);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-expose-headers')).toBe('x-cache');
      expect(headers.get('vary')).toBe('Accept, Origin');
    },
  );

  it.each([
    'https://evil.example',
    'http://app.example',
    'https://app.example.evil',
    'https://app.example:8443',
    'https://tenant.example',
    'https://eviltenant.example',
    'https://x/.tenant.example',
    'https://evil.example#.tenant.example',
    'null',
    '',
    null,
  ])('%s is not, and gets nothing of another origin’s', (origin) => {
    const headers = allowed(origin);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers.get('vary')).toBe('Accept, Origin');
  });

  it('any origin: without credentials, and without Vary', () => {
    const headers = allowed('https://anyone.example', { origins: '*' });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.has('access-control-allow-credentials')).toBe(false);
    expect(headers.get('vary')).toBe('Accept');
    expect(() => rule({ origins: '*', credentials: true })).toThrow();
  });

  it('an origin of the policy is compared as a browser writes it', () => {
    const cors: CorsInput = {
      origins: ['https://APP.example:443', 'http://app.example:80', 'https://x.test:80'],
    };
    for (const origin of ['https://app.example', 'http://app.example', 'https://x.test:80'])
      expect(allowed(origin, cors).get('access-control-allow-origin')).toBe(origin);
  });

  it('a pattern that anybody can have a name under is refused', () => {
    for (const origin of ['https://*.com', 'HTTP://*.DEV:8080'])
      expect(() => rule({ origins: [origin] })).toThrow('POLICY_UNSAFE at cors.origins.0');
    expect(rule({ origins: ['http://*.localhost:3000', 'https://*.example.com'] }).origins).toHaveLength(2);
  });

  it('a preflight is answered from the policy', () => {
    const ask = (method: string, origin = 'https://app.example') =>
      answerPreflight(rule(APP), new Headers({ origin, 'access-control-request-method': method })).headers;
    expect(ask('PUT').get('access-control-allow-methods')).toBe('GET, HEAD, POST, PUT');
    expect(ask('PUT').get('access-control-allow-headers')).toBe('authorization');
    expect(ask('PUT').get('access-control-max-age')).toBe('600');
    expect(ask('DELETE').has('access-control-allow-methods')).toBe(false);
    expect(ask('PUT', 'https://evil.example').has('access-control-allow-methods')).toBe(false);
    expect(isPreflight('OPTIONS', new Headers({ origin: 'x' }))).toBe(false);
  });
});

describe('HTTPS', () => {
  it('redirect: GET and HEAD are sent on, without the port; others are refused', () => {
    const facts = factsOf('/a/b?x=1', { headers: { host: 'www.test:8080' } });
    expect(needsRedirect('redirect', false, facts)).toBe(true);
    const response = redirectToHttps(facts);
    expect(response.status).toBe(308);
    expect(response.headers.get('location')).toBe('https://www.test/a/b?x=1');
    expect(() => needsRedirect('redirect', false, factsOf('/', { method: 'POST' }))).toThrow(EdgeError);
  });

  it('require refuses, off and TLS let through', () => {
    expect(() => needsRedirect('require', false, factsOf('/'))).toThrow(EdgeError);
    expect(needsRedirect('require', true, factsOf('/'))).toBe(false);
    expect(needsRedirect('off', false, factsOf('/'))).toBe(false);
  });

  it('HSTS only over TLS', () => {
    const headers = new Headers();
    applyHsts(60, false, headers);
    expect(headers.has('strict-transport-security')).toBe(false);
    applyHsts(60, true, headers);
    expect(headers.get('strict-transport-security')).toBe('max-age=60; includeSubDomains');
  });
});
