import { randomBytes } from 'node:crypto';
import { base64url, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { startScriptedOrigin } from '../test/edge/support/scripted-origin.ts';
import { buildService } from '../test/support/build-service.ts';
import { send } from '../test/support/send.ts';
import { startEdge } from '../test/support/start-edge.ts';
import { mean } from './support/mean.ts';
import { report } from './support/report.ts';

/**
 * vCPU per request for each algorithm, as the service itself logs it, in Viceroy: a token never seen before, and one
 * that was verified already; both HIT the cache. Sandboxes are reused, as in production.
 */
const PUBLIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const HMAC = ['HS256', 'HS384', 'HS512'];
const FRESH = 60;
const REMEMBERED = 200;

const secret = base64url.encode(randomBytes(48));
const keys = new Map<string, CryptoKey | Uint8Array>(
  HMAC.map((name) => [name, new TextEncoder().encode(secret)]),
);
const jwks: JWK[] = [];
for (const algorithm of PUBLIC) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  keys.set(algorithm, privateKey);
  jwks.push({ ...(await exportJWK(publicKey)), kid: algorithm, alg: algorithm });
}

const origin = await startScriptedOrigin();
origin.answer((_, response) => {
  response.writeHead(200, { 'cache-control': 'private, max-age=3600', 'content-length': 4 }).end('mine');
});
const edge = await startEdge({
  originUrl: origin.url,
  wasm: await buildService({ name: 'identity', policy: 'test/edge/policies/identity.ts' }),
  config: { test_jwks: JSON.stringify({ keys: jwks }) },
  secrets: { test_hmac: secret },
});

function token(algorithm: string): Promise<string> {
  const key = keys.get(algorithm);
  if (key === undefined) throw new Error(algorithm);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const issuer = algorithm.startsWith('HS') ? 'hmac' : 'asymmetric';
  return new SignJWT({
    iss: `https://${issuer}.test`,
    sub: algorithm,
    exp: nowSeconds + 600,
    jti: base64url.encode(randomBytes(9)),
  })
    .setProtectedHeader({ alg: algorithm, ...(issuer === 'hmac' ? {} : { kid: algorithm }) })
    .sign(key);
}

/** vCPU milliseconds of each request, in order. */
async function measure(tokens: readonly string[]): Promise<number[]> {
  const from = edge.logs().length;
  for (const bearer of tokens) {
    const { status } = await send(edge.url, '/echo/mine', { headers: { authorization: `Bearer ${bearer}` } });
    if (status !== 200) throw new Error(`status ${status}`);
  }
  while (edge.logs().length < from + tokens.length) await new Promise((resolve) => setTimeout(resolve, 20));
  return edge
    .logs()
    .slice(from)
    .map(({ vcpuMs }) => vcpuMs ?? Number.NaN);
}

const rows = [];
for (const algorithm of [...HMAC, ...PUBLIC]) {
  await measure([await token(algorithm), await token(algorithm)]);
  const fresh = await measure(await Promise.all(Array.from({ length: FRESH }, () => token(algorithm))));
  const remembered = await measure(Array(REMEMBERED).fill(await token(algorithm)));
  rows.push({
    algorithm,
    'fresh token, mean ms': mean(fresh).toFixed(1),
    'fresh, max ms': Math.max(...fresh).toFixed(0),
    'seen before, mean ms': mean(remembered.slice(1)).toFixed(1),
    'fresh / seen': (mean(fresh) / mean(remembered.slice(1))).toFixed(1),
  });
}
report(`vCPU per scoped HIT (${FRESH} fresh tokens, ${REMEMBERED} requests of one seen before)`, rows);
await edge.stop();
await origin.stop();
