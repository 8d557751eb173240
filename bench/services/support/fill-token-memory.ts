import { createTokenMemory, type TokenMemory } from '../../../src/identity/token-memory.ts';

const SIGNATURE = 'A'.repeat(43);

/** A memory that has verified `count` tokens of six claims, as after requests of as many people. */
export function filledTokenMemory(count: number): TokenMemory {
  const memory = createTokenMemory();
  for (let i = 0; i < count; i++) remember(memory, `person-${i}`);
  return memory;
}

function remember(memory: TokenMemory, sub: string): void {
  const payload = { iss: 'https://login.example', aud: 'app', sub, exp: 2e9, iat: 1.7e9, role: 'member' };
  const entry = memory.read(`${base64url({ alg: 'HS256', kid: 'v1' })}.${base64url(payload)}.${SIGNATURE}`);
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

function base64url(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
