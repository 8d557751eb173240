import { randomUUID } from 'node:crypto';
import { startScriptedOrigin } from '../test/edge/support/scripted-origin.ts';
import { siteKeys } from '../test/site/keys.ts';
import { PEOPLE } from '../test/site/people.ts';
import { createTokens } from '../test/site/tokens.ts';
import { authjsCookies, nextauthCookie } from '../test/support/auth-sessions.ts';
import { buildService } from '../test/support/build-service.ts';
import { supabaseCookies } from '../test/support/supabase-cookies.ts';
import { countRequests } from './meter/count-requests.ts';
import { AUTH_SECRET, NO_SESSION, REFUSED_SESSIONS } from './meter/refused-sessions.ts';
import { quantile } from './support/quantile.ts';
import { report } from './support/report.ts';

/** What a scoped HIT costs by how its token is kept, in WebAssembly instructions: of a session that was never seen, and of one that was. */
const AMOUNT = { warmUp: 12, requests: 48 };
const [alice] = PEOPLE;
if (alice === undefined) throw new Error('nobody');
const { sub } = alice;
const tokens = createTokens(await siteKeys());
const token = () => tokens.issue(alice, 'app', 3600);
const claims = (more: object = {}) => ({
  sub,
  name: 'Alice',
  email: 'alice@example.com',
  id: randomUUID(),
  ...more,
});

const KINDS: readonly [string, string, () => Promise<string>][] = [
  ['HS256, the cookie is the token', '/link/orders', async () => `session=${await token()}`],
  [
    'HS256, Supabase, one cookie',
    '/supabase/orders',
    async () => (await supabaseCookies(await token())).join('; '),
  ],
  [
    'HS256, Supabase, two chunks',
    '/supabase/orders',
    async () => (await supabaseCookies(await token(), 'x'.repeat(2500))).join('; '),
  ],
  ['Auth.js, A256CBC-HS512', '/authjs/orders', () => authjsCookies(claims(), AUTH_SECRET)],
  [
    'Auth.js, two chunks',
    '/authjs/orders',
    () => authjsCookies(claims({ about: 'x'.repeat(3000) }), AUTH_SECRET),
  ],
  ['NextAuth 4, A256GCM', '/nextauth/orders', () => nextauthCookie(claims(), AUTH_SECRET)],
];

const origin = await startScriptedOrigin();
origin.answer((_, response) => {
  response.writeHead(200, { 'cache-control': 'private, max-age=3600', 'content-length': 4 }).end('mine');
});
try {
  const wasm = await buildService({ name: 'token-cookies', policy: 'test/edge/policies/token-cookies.ts' });
  const requests = await Promise.all(
    KINDS.map(async ([name, path, made]) => {
      const once = await made();
      const of = (which: string, cookie: () => Promise<string>) => ({
        name: `${name}, ${which}`,
        path: () => path,
        headers: async () => ({ cookie: await cookie() }),
        status: 200,
        amount: AMOUNT,
      });
      return [of('seen before', async () => once), of('fresh', made)];
    }),
  );
  const counted = await countRequests(
    { originUrl: origin.url, wasm, secrets: { auth_secret: AUTH_SECRET } },
    [...requests.flat(), ...REFUSED_SESSIONS],
    AMOUNT,
  );
  const millions = (name: string) =>
    quantile(
      (counted[name]?.later ?? []).map(({ instructions }) => instructions),
      0.5,
    ) / 1e6;
  report(
    'What a scoped HIT costs by how its token is kept',
    KINDS.map(([name]) => ({
      token: name,
      'seen before, million instructions': millions(`${name}, seen before`).toFixed(2),
      'fresh, million instructions': millions(`${name}, fresh`).toFixed(2),
    })),
  );
  const usual = millions(NO_SESSION);
  report(
    'What is refused',
    REFUSED_SESSIONS.map(({ name }) => ({
      session: name,
      'million instructions': millions(name).toFixed(2),
      'as many as without a session': (millions(name) / usual).toFixed(1),
    })),
  );
} finally {
  await origin.stop();
}
