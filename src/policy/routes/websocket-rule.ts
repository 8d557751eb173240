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
 *
 * The edge checks a handshake:
 * - limits, hosts, `https` and `passLimit`, as for any request;
 * - with a scope: credential, claims and revocation, also with the switch `observe`. Else 401 or 403;
 * - `Origin`: this host (HTTPS, if the socket uses TLS), or one of `origins` (also `https://*.example.com`). Else 403 `ERR_CROSS_SITE`, also for
 *   `null`. A request without `Origin` is not a browser's, and allowed;
 * - version 13, a key, no body, `Upgrade: websocket` alone, `Connection` with `upgrade` and `keep-alive` alone. Else 400;
 * - nothing that the edge would remove or change: fields that reach no origin (docs/how-to/origins.md#fields-that-reach-no-origin), headers of
 *   `forwardClaims` or `lock`, a second credential, an editor's cookie that is not valid, several `Cookie` fields, a path not in its normal form,
 *   a token in the query. Else 400, and the log's `cause` names the field.
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
