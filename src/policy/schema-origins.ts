import * as v from 'valibot';
import { cookieName, count, headerName, path, requiredClaims, text, texts } from './settings.ts';

/** The shapes of `input-origins.ts`. */

export const origin = v.strictObject({
  backend: text,
  paths: v.optional(v.array(path)),
  hostHeader: v.optional(text),
  hosts: v.optional(v.pipe(texts, v.minLength(1))),
  lock: v.optional(v.strictObject({ header: headerName, item: text, secretStore: v.optional(text) })),
  firstByteTimeoutMs: v.optional(count(600_000)),
  shield: v.optional(
    v.union(
      [
        v.strictObject({
          site: v.pipe(v.string(), v.regex(/^[a-z0-9-]{2,64}$/, 'a shield code: pdx-or-us')),
        }),
        v.strictObject({ backend: text }),
      ],
      '{site} or {backend}',
    ),
  ),
});

export const rate = v.strictObject({
  count: count(100_000),
  windowSeconds: v.optional(v.picklist([1, 10, 60])),
  blockMinutes: v.optional(count(60)),
  rateCounter: v.optional(text),
  penaltyBox: v.optional(text),
});

export const fallbackPage = v.union(
  [
    v.strictObject({ html: v.pipe(text, v.maxLength(65_536, 'at most 64 KiB')) }),
    v.strictObject({
      path: v.pipe(v.string(), v.regex(/^\/[A-Za-z0-9._~/-]*$/, 'a plain path: /sorry.html')),
    }),
  ],
  '{html} or {path}',
);

const cmsCookie = v.union(
  [
    cookieName,
    v.strictObject({ name: cookieName, provider: text, requiredClaims: v.optional(requiredClaims) }),
    v.strictObject({
      name: cookieName,
      hmac: v.strictObject({
        item: text,
        secretStore: v.optional(text),
        format: v.optional(v.picklist(['plain', 'express'])),
        expires: v.optional(v.boolean()),
        covers: v.optional(v.picklist(['name', 'text'])),
        prefix: v.optional(text),
      }),
    }),
  ],
  'a name or a pattern that is not * alone, {name, provider, requiredClaims?} or {name, hmac}',
);

export const cms = v.strictObject({
  cookies: v.optional(v.array(cmsCookie)),
  paths: v.optional(v.array(path)),
  bearer: v.optional(v.boolean()),
});
