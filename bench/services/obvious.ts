import { SimpleCache } from 'fastly:cache';
import { ConfigStore } from 'fastly:config-store';
import { SecretStore } from 'fastly:secret-store';
import { type Context, Hono } from 'hono';
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';

// What one would write by hand, from a blog post: a framework, a library that verifies, one cache lookup by the claim.
const app = new Hono();

app.get('/hs/:page', (c) => answer(c, verifyShared));
app.get('/rs/:page', (c) => answer(c, verifyPublic));
app.fire();

async function answer(c: Context, verify: (token: string) => Promise<JWTPayload>): Promise<Response> {
  const token = c.req.header('authorization')?.replace(/^Bearer /, '') ?? '';
  let claims: JWTPayload;
  try {
    claims = await verify(token);
  } catch {
    return c.json({ error: 'unauthorized' }, 401);
  }
  const key = `${claims.sub} ${c.req.path}`;
  const cached = SimpleCache.get(key);
  if (cached !== null) return c.body(await cached.text(), 200, { 'x-cache': 'HIT' });
  const response = await fetch(c.req.url, { backend: 'origin', headers: c.req.raw.headers });
  const body = await response.text();
  SimpleCache.set(key, body, 300);
  return c.body(body, 200, { 'x-cache': 'MISS' });
}

async function verifyShared(token: string): Promise<JWTPayload> {
  const secret = await new SecretStore('claimcache_secrets').get('test_hmac');
  const key = new TextEncoder().encode(secret?.plaintext() ?? '');
  return (await jwtVerify(token, key, { algorithms: ['HS256'], issuer: 'https://hmac.test' })).payload;
}

async function verifyPublic(token: string): Promise<JWTPayload> {
  const keys = createLocalJWKSet(JSON.parse(new ConfigStore('claimcache_config').get('test_jwks') ?? ''));
  return (await jwtVerify(token, keys, { algorithms: ['RS256'], issuer: 'https://asymmetric.test' })).payload;
}
