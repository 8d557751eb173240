import { base64url } from '../../../src/crypto/base64url.ts';
import { reuseSandbox } from '../../../src/fastly/sandbox.ts';
import { createTokenMemory, type TokenMemory } from '../../../src/identity/token-memory.ts';

const SIGNATURE = 'A'.repeat(43);

/**
 * Hello world in a sandbox that has verified `count` tokens of six claims, as after requests of as many people: the collection walks over
 * their memory after each request.
 */
export function serveHelloBeside(count: number): void {
  const memory = createTokenMemory();
  for (let i = 0; i < count; i++) remember(memory, `person-${i}`);
  reuseSandbox({ sandboxRequests: 1000, sandboxIdleMs: 1000 });
  addEventListener('fetch', (event) =>
    event.respondWith(new Response(memory.read('') === null ? 'hello' : 'never')),
  );
}

function remember(memory: TokenMemory, sub: string): void {
  const payload = { iss: 'https://login.example', aud: 'app', sub, exp: 2e9, iat: 1.7e9, role: 'member' };
  const entry = memory.read(`${partOf({ alg: 'HS256', kid: 'v1' })}.${partOf(payload)}.${SIGNATURE}`);
  if (entry === null) throw new Error('it is no token');
  memory.keep(entry);
  entry.verdicts.set('app', { good: true, keyId: 'v1', keySetDigest: 'digest', untilMs: 0 });
  const identity = {
    provider: 'app',
    algorithm: 'HS256' as const,
    keyId: 'v1',
    claims: entry.token.claims,
    expiresAtSeconds: 2e9,
    credentialSource: { kind: 'header' as const, name: 'authorization', scheme: 'bearer' },
  };
  entry.identities.push({ identity, filledScopes: new Map() });
}

function partOf(value: unknown): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}
