import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import type { Provider } from '../policy/providers/provider.ts';
import { issuedClaims } from './mint.ts';

/** People whose credentials say nothing by themselves: who they are is known here, in the place of the application or the issuer. */
export interface TestSessions {
  /** The session cookie or token of whoever has these claims: the same one each time. */
  credentialOf(provider: Provider, claims: JWTPayload, expiresInSeconds?: number): string;
  /** The way to the origin. A question about one of these people is answered here; everything else by the origin. */
  readonly fetchOrigin: Platform['fetchOrigin'];
}

interface TestPerson {
  readonly claims: JWTPayload;
  readonly signedInAtMs: number;
  readonly expiresInSeconds: number | undefined;
}

export function createTestSessions(
  { providers }: Pick<Policy, 'providers'>,
  fetchOrigin: Platform['fetchOrigin'],
  nowMs: () => number,
): TestSessions {
  const people = new Map<string, TestPerson>();

  return {
    credentialOf(provider, claims, expiresInSeconds) {
      const text = JSON.stringify([provider.name, claims, expiresInSeconds ?? null]);
      const credential = `test-${createHash('sha256').update(text).digest('base64url')}`;
      if (!people.has(credential))
        people.set(credential, { claims, signedInAtMs: nowMs(), expiresInSeconds });
      return credential;
    },
    async fetchOrigin(request) {
      const provider = providers.find(
        ({ lookup }) => lookup?.backend === request.backend && lookup.url === request.url,
      );
      const person = provider === undefined ? undefined : people.get(askedAbout(request));
      if (provider === undefined || person === undefined) return fetchOrigin(request);
      const { claims, signedInAtMs, expiresInSeconds } = person;
      const times = {
        iat: Math.floor(signedInAtMs / 1000),
        ...(expiresInSeconds === undefined ? {} : { exp: Math.floor(nowMs() / 1000) + expiresInSeconds }),
      };
      return Response.json({ active: true, ...issuedClaims(provider, claims), ...times, ...claims });
    },
  };
}

/** The session cookie, or the token in the body. */
function askedAbout({ headers, body }: OriginRequest): string {
  const cookie = headers.get('cookie');
  if (cookie !== null) return cookie.slice(cookie.indexOf('=') + 1);
  return body instanceof Uint8Array
    ? (new URLSearchParams(new TextDecoder().decode(body)).get('token') ?? '')
    : '';
}
