import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentify } from '../../../../src/identity/identify.ts';
import type { FetchKeys } from '../../../../src/identity/ports.ts';
import {
  auth0,
  clerk,
  cognito,
  entra,
  firebase,
  google,
  keycloak,
  okta,
  supabase,
} from '../../../../src/identity/presets/index.ts';
import { compilePolicy } from '../../../../src/policy/compile.ts';
import { definePolicy } from '../../../../src/policy/define.ts';
import type { Algorithm } from '../../../../src/policy/providers/algorithm-names.ts';
import type { ProviderInput } from '../../../../src/policy/providers/provider.ts';
import { NO_STORES, NOW_MS, NOW_SECONDS } from '../fixtures.ts';

const TENANT = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const OTHER_TENANT = '82229342-1101-4ab6-817b-70c0747630f3';
const CLIENT = '6e74172b-be56-4843-9ff4-e66a39bb12e3';

interface Case {
  readonly provider: ProviderInput;
  /** Claims as the provider really sets them, without times. */
  readonly claims: JWTPayload;
  /** Where its keys are. */
  readonly keys: string;
  readonly algorithm?: Algorithm;
  readonly type?: string;
  /** The claim that says for whom the token is. */
  readonly forWhom: string;
  readonly scope?: string;
}

const CASES: Readonly<Record<string, Case>> = {
  auth0: {
    provider: auth0({ domain: 'acme.eu.auth0.com', audience: 'https://api.acme.com' }),
    claims: {
      iss: 'https://acme.eu.auth0.com/',
      sub: 'auth0|64b1f0c2e4b0a1b2c3d4e5f6',
      aud: ['https://api.acme.com', 'https://acme.eu.auth0.com/userinfo'],
      azp: 'my_client_id',
      scope: 'openid profile',
    },
    keys: 'https://acme.eu.auth0.com/.well-known/jwks.json',
    forWhom: 'aud',
  },
  clerk: {
    provider: clerk({ frontendApi: 'clerk.acme.com', authorizedParties: ['https://www.acme.com'] }),
    claims: {
      iss: 'https://clerk.acme.com',
      sub: 'user_2aBcDeFgHiJkLmNoPqRsTuVwXyZ',
      azp: 'https://www.acme.com',
      sid: 'sess_2aBcDeFgHiJkLmNoPqRsTuVwXyZ',
      sts: 'active',
      v: 2,
      o: { id: 'org_2aBc', rol: 'admin', slg: 'acme' },
    },
    keys: 'https://clerk.acme.com/.well-known/jwks.json',
    forWhom: 'azp',
  },
  'cognito, access': {
    provider: cognito({
      region: 'eu-central-1',
      userPoolId: 'eu-central-1_AbCdEfGhI',
      clientId: '4qgclient',
    }),
    claims: {
      iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI',
      sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      client_id: '4qgclient',
      token_use: 'access',
      username: 'alice',
      'cognito:groups': ['editors'],
      scope: 'aws.cognito.signin.user.admin',
    },
    keys: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI/.well-known/jwks.json',
    forWhom: 'client_id',
  },
  'cognito, id': {
    provider: cognito({
      region: 'cn-north-1',
      userPoolId: 'cn-north-1_AbCdEfGhI',
      clientId: ['4qgclient', 'other'],
      tokenUse: 'id',
    }),
    claims: {
      iss: 'https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbCdEfGhI',
      sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      aud: 'other',
      token_use: 'id',
      'cognito:username': 'alice',
    },
    keys: 'https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbCdEfGhI/.well-known/jwks.json',
    forWhom: 'aud',
  },
  supabase: {
    provider: supabase({ projectRef: 'abcdefghijklmnopqrst' }),
    claims: {
      iss: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1',
      sub: '11111111-2222-3333-4444-555555555555',
      aud: 'authenticated',
      role: 'authenticated',
      session_id: '99999999-2222-3333-4444-555555555555',
      app_metadata: { provider: 'email', providers: ['email'] },
      is_anonymous: false,
    },
    keys: 'https://abcdefghijklmnopqrst.supabase.co/auth/v1/.well-known/jwks.json',
    algorithm: 'ES256',
    forWhom: 'aud',
  },
  firebase: {
    provider: firebase({ projectId: 'acme-web' }),
    claims: {
      iss: 'https://securetoken.google.com/acme-web',
      sub: 'dJ8sV3kQ2aR7nM4bT6yU1xW9zE50',
      user_id: 'dJ8sV3kQ2aR7nM4bT6yU1xW9zE50',
      aud: 'acme-web',
      auth_time: NOW_SECONDS - 60,
      firebase: { identities: {}, sign_in_provider: 'password' },
    },
    keys: 'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
    forWhom: 'aud',
  },
  'keycloak, by client': {
    provider: keycloak({ url: 'https://login.acme.com/auth/', realm: 'acme', clientId: 'web' }),
    claims: {
      iss: 'https://login.acme.com/auth/realms/acme',
      sub: 'f1e2d3c4-0000-1111-2222-333344445555',
      aud: 'account',
      azp: 'web',
      typ: 'Bearer',
      realm_access: { roles: ['offline_access'] },
    },
    keys: 'https://login.acme.com/auth/realms/acme/protocol/openid-connect/certs',
    forWhom: 'azp',
  },
  'keycloak, by audience': {
    provider: keycloak({ url: 'https://login.acme.com', realm: 'acme', audience: 'api' }),
    claims: {
      iss: 'https://login.acme.com/realms/acme',
      sub: 'f1e2d3c4-0000-1111-2222-333344445555',
      aud: ['api', 'account'],
      azp: 'web',
      typ: 'Bearer',
    },
    keys: 'https://login.acme.com/realms/acme/protocol/openid-connect/certs',
    forWhom: 'aud',
  },
  'entra, one tenant': {
    provider: entra({ tenantId: TENANT, clientId: CLIENT }),
    claims: {
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      oid: '00000000-0000-0000-66f3-3332eca7ea81',
      tid: TENANT,
      aud: CLIENT,
      azp: 'another-client',
      ver: '2.0',
    },
    keys: `https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`,
    forWhom: 'aud',
    scope: 'oid',
  },
  'entra, organizations': {
    provider: entra({ tenantId: 'organizations', clientId: CLIENT, tenants: [OTHER_TENANT, TENANT] }),
    claims: {
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      oid: '00000000-0000-0000-66f3-3332eca7ea81',
      tid: TENANT,
      aud: CLIENT,
      ver: '2.0',
    },
    keys: 'https://login.microsoftonline.com/organizations/discovery/v2.0/keys',
    forWhom: 'aud',
    scope: 'oid',
  },
  okta: {
    provider: okta({ domain: 'acme.okta.com', audience: 'api://default' }),
    claims: {
      ver: 1,
      iss: 'https://acme.okta.com/oauth2/default',
      aud: 'api://default',
      cid: '0oaclient',
      uid: '00u1234',
      scp: ['openid'],
      sub: 'alice@acme.com',
    },
    keys: 'https://acme.okta.com/oauth2/default/v1/keys',
    forWhom: 'aud',
    scope: 'uid',
  },
  google: {
    provider: google({ clientId: '1234-abc.apps.googleusercontent.com', hostedDomain: 'acme.com' }),
    claims: {
      iss: 'accounts.google.com',
      azp: '1234-abc.apps.googleusercontent.com',
      aud: '1234-abc.apps.googleusercontent.com',
      sub: '110169484474386276334',
      hd: 'acme.com',
    },
    keys: 'https://www.googleapis.com/oauth2/v3/certs',
    forWhom: 'aud',
  },
};

// One server stands for all key servers: it knows by the URL of the policy whose keys are wanted.
let served = new Map<string, readonly JWK[]>();
const asked: string[] = [];
const server = http.createServer((request, response) => {
  const url = String(request.headers['x-url']);
  asked.push(url);
  const keys = served.get(url);
  response
    .writeHead(keys === undefined ? 404 : 200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ keys }));
});
let fetchKeys: FetchKeys;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  fetchKeys = async ({ url }) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-url': url } });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    return response.text();
  };
});
afterAll(() => server.close());

async function newKey(algorithm: Algorithm, kid: string) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    published: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' },
    sign: (claims: JWTPayload) =>
      new SignJWT({ iat: NOW_SECONDS, exp: NOW_SECONDS + 3600, ...claims })
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
        .sign(privateKey),
  };
}

/** The engine's own way: a policy with this provider, compiled, and a request with the token. */
function identifyBy({ provider, scope = 'sub' }: Case) {
  const policy = compilePolicy(
    definePolicy({
      origins: { app: { backend: 'origin' } },
      providers: { given: provider },
      scopes: { user: { claims: scope } },
      routes: { account: { path: '/account', scope: 'user' } },
    }),
  );
  const user = policy.scopes.get('user');
  if (user === undefined) throw new Error('no scope');
  const identify = createIdentify({ ...NO_STORES, fetchKeys });
  return (token: string, nowMs = NOW_MS) =>
    identify(new Headers({ authorization: `Bearer ${token}` }), user, nowMs);
}

describe.each(Object.entries(CASES))('%s', (_, one) => {
  const algorithm = one.algorithm ?? 'RS256';

  it('a token of its real shape verifies, with the keys of its own server', async () => {
    const key = await newKey(algorithm, 'one');
    served = new Map([[one.keys, [key.published]]]);
    asked.length = 0;
    const identify = identifyBy(one);
    expect(await identify(await key.sign(one.claims))).toMatchObject({ kind: 'verified' });
    expect(asked).toEqual([one.keys]);
  });

  it('a token for another application, of another issuer, or that does not say for whom it is, is refused', async () => {
    const key = await newKey(algorithm, 'one');
    served = new Map([[one.keys, [key.published]]]);
    const identify = identifyBy(one);
    const { [one.forWhom]: _, ...withoutReceiver } = one.claims;
    for (const claims of [
      { ...one.claims, [one.forWhom]: 'somebody-else' },
      withoutReceiver,
      { ...one.claims, iss: `${one.claims.iss}x` },
      { ...one.claims, iss: undefined },
    ])
      expect(await identify(await key.sign(claims as JWTPayload))).toMatchObject({
        kind: 'invalid',
        code: 'ERR_TOKEN_CLAIM',
      });
  });

  it('a new key of the server is found when a token names it', async () => {
    const [before, after] = [await newKey(algorithm, 'one'), await newKey(algorithm, 'two')];
    served = new Map([[one.keys, [before.published]]]);
    const identify = identifyBy(one);
    await identify(await before.sign(one.claims));
    served = new Map([[one.keys, [before.published, after.published]]]);
    const laterMs = NOW_MS + 31_000;
    expect(await identify(await after.sign(one.claims), laterMs)).toMatchObject({ kind: 'verified' });
    served = new Map([[one.keys, [after.published]]]);
    const muchLaterMs = NOW_MS + 400_000;
    expect(await identify(await before.sign(one.claims), muchLaterMs)).toMatchObject({ kind: 'invalid' });
  });
});

describe('entra for several tenants', () => {
  const { provider } = CASES['entra, organizations'] as Case;

  it('a tenant that is not on the list, or that is not the issuer’s, is refused', async () => {
    const one = CASES['entra, organizations'] as Case;
    const key = await newKey('RS256', 'one');
    served = new Map([[one.keys, [key.published]]]);
    const identify = identifyBy({ ...one, provider });
    const stranger = '11111111-1111-1111-1111-111111111111';
    const issuer = (tid: string) => `https://login.microsoftonline.com/${tid}/v2.0`;
    for (const claims of [
      { tid: stranger, iss: issuer(stranger) },
      { tid: TENANT, iss: issuer(OTHER_TENANT) },
      { tid: OTHER_TENANT, iss: issuer(TENANT) },
      { tid: [TENANT], iss: issuer(TENANT) },
      { tid: '{tid}', iss: issuer('{tid}') },
      { tid: undefined, iss: issuer(TENANT) },
    ])
      expect(
        await identify(await key.sign({ ...one.claims, ...claims } as unknown as JWTPayload)),
      ).toMatchObject({
        kind: 'invalid',
        code: 'ERR_TOKEN_CLAIM',
      });
    expect(
      await identify(await key.sign({ ...one.claims, tid: OTHER_TENANT, iss: issuer(OTHER_TENANT) })),
    ).toMatchObject({ kind: 'verified' });
  });
});

describe('a preset refuses', () => {
  const unsafe = (value: unknown) => value as never;
  it.each([
    ['no audience', () => auth0({ domain: 'acme.eu.auth0.com', audience: unsafe(undefined) }), 'audience'],
    ['an empty audience', () => okta({ domain: 'acme.okta.com', audience: '' }), 'audience'],
    ['an empty list of clients', () => google({ clientId: [] }), 'clientId'],
    ['a domain with a scheme', () => auth0({ domain: 'https://acme.auth0.com', audience: 'a' }), 'domain'],
    [
      'a domain with a path',
      () => clerk({ frontendApi: 'a.com/x', authorizedParties: 'https://a.com' }),
      'frontendApi',
    ],
    [
      'no authorized party',
      () => clerk({ frontendApi: 'a.com', authorizedParties: unsafe(undefined) }),
      'authorizedParties',
    ],
    [
      'a pool of another region',
      () => cognito({ region: 'eu-west-1', userPoolId: 'eu-central-1_a', clientId: 'c' }),
      'userPoolId',
    ],
    [
      'a pool that leads elsewhere',
      () => cognito({ region: 'eu', userPoolId: 'eu_/../x', clientId: 'c' }),
      'userPoolId',
    ],
    [
      'no client of the pool',
      () => cognito({ region: 'eu', userPoolId: 'eu_x', clientId: unsafe(undefined) }),
      'clientId',
    ],
    ['a project with a dot and slash', () => supabase({ projectRef: 'evil.com/a' }), 'projectRef'],
    ['no project', () => firebase({ projectId: '' }), 'projectId'],
    ['neither audience nor client', () => keycloak({ url: 'https://a.com', realm: 'r' }), 'clientId'],
    ['a URL with a query', () => keycloak({ url: 'https://a.com?x', realm: 'r', clientId: 'c' }), 'url'],
    ['every tenant', () => entra({ tenantId: 'common', clientId: CLIENT }), 'tenants'],
    ['no tenant', () => entra({ tenantId: 'organizations', clientId: CLIENT, tenants: [] }), 'tenants'],
    [
      'a tenant by its domain',
      () => entra({ tenantId: 'acme.onmicrosoft.com', clientId: CLIENT }),
      'tenantId',
    ],
    ['consumers', () => entra({ tenantId: 'consumers', clientId: CLIENT }), 'tenantId'],
  ] as const)('%s', (_, make, option) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(option);
  });

  it('the keys of a Supabase project in its HS256 days come from the Secret Store', () => {
    const provider = supabase({
      projectRef: 'abc',
      legacySecret: { secretStore: 'secrets', item: 'supabase' },
    });
    expect(provider).toMatchObject({
      algorithms: ['HS256'],
      keys: { secretStore: 'secrets', item: 'supabase', format: 'raw' },
      audience: ['authenticated'],
    });
  });
});
