import type { ErrorCode } from '../errors.ts';
import type { Provider } from '../types.ts';

/** 9999-12-31T23:59:59Z. A later `exp` is one in milliseconds, or a joke. */
const MAX_EPOCH_SECONDS = 253_402_300_799;

/**
 * The registered claims (RFC 7519 section 4.1) of a token whose signature holds. It is asked again for each request,
 * so a remembered verification never outlives `exp`.
 *
 * - `exp` is required, `exp` and `nbf` get the provider's leeway, all times are finite numbers of seconds.
 * - `iss` equals the provider's, `aud` (a string or an array) names one of the provider's, where it asks for them.
 *
 * @returns null where all is well, otherwise ERR_TOKEN_CLAIM, ERR_TOKEN_EXPIRED or ERR_TOKEN_NOT_YET_VALID.
 */
export function checkClaims(
  claims: Readonly<Record<string, unknown>>,
  provider: Provider,
  nowMs: number,
): ErrorCode | null {
  const nowSeconds = Math.floor(nowMs / 1000);
  const leeway = provider.clockToleranceSeconds;
  const exp = own(claims, 'exp');
  const nbf = own(claims, 'nbf');
  const iat = own(claims, 'iat');
  if (!isTime(exp) || !isOptionalTime(nbf) || !isOptionalTime(iat)) return 'ERR_TOKEN_CLAIM';
  if (exp <= nowSeconds - leeway) return 'ERR_TOKEN_EXPIRED';
  if (nbf !== undefined && nbf > nowSeconds + leeway) return 'ERR_TOKEN_NOT_YET_VALID';
  if (provider.issuer !== null && own(claims, 'iss') !== provider.issuer) return 'ERR_TOKEN_CLAIM';
  return isForUs(own(claims, 'aud'), provider.audience) ? null : 'ERR_TOKEN_CLAIM';
}

/** A member of the object itself: `constructor` is not a claim of every token. */
export function own(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function isForUs(audience: unknown, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  const named: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  return wanted.some((one) => named.includes(one));
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_EPOCH_SECONDS;
}

function isOptionalTime(value: unknown): value is number | undefined {
  return value === undefined || isTime(value);
}
