import { randomBytes, randomUUID } from 'node:crypto';
import type { CountedRequest } from './count-requests.ts';

/** Of the application whose sessions they seem to be. */
export const AUTH_SECRET = 'the secret of an Auth.js application, 32 bytes or more';
/** The usual 401. */
export const NO_SESSION = 'no session';

/** As long as `limits.tokenBytes` lets in, and sealed with no key of anybody's: another each time. */
function forged(name: string, enc: string, ivBytes: number, tagBytes: number): () => Promise<string> {
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc })).toString('base64url');
  return async () => {
    const [iv, tag] = [ivBytes, tagBytes].map((bytes) => randomBytes(bytes).toString('base64url'));
    const room = 8190 - [header, iv, tag].join('....').length;
    const body = randomBytes(Math.floor(room / 4) * 3).toString('base64url');
    const token = [header, '', iv, body, tag].join('.');
    return [0, 1, 2].map((i) => `${name}.${i}=${token.slice(i * 3900, (i + 1) * 3900)}`).join('; ');
  };
}

const KINDS: readonly [string, string, () => Promise<string>][] = [
  [NO_SESSION, '/nextauth/orders', async () => 'a=b'],
  ['a word instead of a session', '/nextauth/orders', async () => `next-auth.session-token=${randomUUID()}`],
  ['forged, NextAuth 4, 8 KB', '/nextauth/orders', forged('next-auth.session-token', 'A256GCM', 12, 16)],
  [
    'forged, Auth.js, 8 KB',
    '/authjs/orders',
    forged('__Secure-authjs.session-token', 'A256CBC-HS512', 16, 32),
  ],
  [
    '190 other cookies',
    '/authjs/orders',
    async () => Array.from({ length: 190 }, (_, i) => `session-token.${i}=${randomUUID()}`).join('; '),
  ],
  [
    '190 chunks, Auth.js',
    '/authjs/orders',
    async () =>
      Array.from({ length: 190 }, (_, i) => `__Secure-authjs.session-token.${i}=${randomUUID()}`).join('; '),
  ],
  [
    '190 chunks, Supabase',
    '/supabase/orders',
    async () => Array.from({ length: 190 }, (_, i) => `sb-abc-auth-token.${i}=a`).join('; '),
  ],
];

/** What somebody may send in the place of a session, to the service of `test/edge/policies/token-cookies.ts`. */
export const REFUSED_SESSIONS: readonly CountedRequest[] = KINDS.map(([name, path, made]) => ({
  name,
  path: () => path,
  headers: async () => ({ cookie: await made() }),
  status: 401,
}));
