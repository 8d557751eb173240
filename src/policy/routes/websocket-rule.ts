import * as v from 'valibot';
import { serialisedOrigin, webOrigin } from '../cors-rule.ts';
import { isFlag, isObject, list, object, oneOf } from '../settings.ts';

/**
 * `true`: pages of this host may open sockets. `origins`: those of other origins too, as in `cors`: `['https://app.example.com']`.
 * Not with a `lock`, `shield` or `hostHeader` of the origin, a `{ query }` credential of the scope, `forwardCredential: false`, or an
 * `onMissing` or `onInvalid` that accepts unverified requests.
 *
 * The backend gets none of `X-Claimcache-Claims`, `forwardClaims`, `clientAddress`, `X-Forwarded-Proto`, `X-Request-Id`. Of its settings only name,
 * address, TLS and `override_host` apply. Fastly's shielding and Next-Gen WAF do not apply.
 */
export type WebsocketInput = boolean | { readonly origins: readonly string[] };

export interface WebsocketRule {
  /** Web origins whose pages may open a socket, beside the host's own; lower case. */
  readonly origins: readonly string[];
}

export const websocket = oneOf(
  'Expected true, false or { origins: ["https://app.example.com"] }.',
  [isFlag, v.boolean()],
  [isObject, object({ origins: list(webOrigin, '["https://app.example.com"]', { atLeast: 1 }) })],
);

export function compileWebsocket(input: WebsocketInput = false): WebsocketRule | null {
  if (input === false) return null;
  return { origins: input === true ? [] : input.origins.map(serialisedOrigin) };
}
