import type { ErrorCode } from '../../errors.ts';
import { own } from '../claims/own.ts';
import { hasRequiredClaims } from '../claims/required-claims.ts';
import { isIssuedBy } from './is-issued-by.ts';
import type { Provider } from './provider.ts';

/** 9999-12-31T23:59:59Z. A later `exp` is in milliseconds, or wrong. */
const MAX_EPOCH_SECONDS = 253_402_300_799;

/** A token, as far as the settings of a provider ask about it. */
interface TokenClaims {
  readonly claims: Readonly<Record<string, unknown>>;
  /** `typ` of its header. */
  readonly type: string | null;
}

/**
 * The registered claims (RFC 7519 section 4.1) and `typ`. They are asked for each request, so a remembered
 * verification never outlives them; and before the signature, because they are cheap and grant nothing.
 *
 * - `exp` is required; `exp`, `nbf`, `iat` are finite numbers of seconds and get the provider's leeway.
 * - `iss` is one of the provider's, `aud` (a string or an array) names one of the provider's, where it asks for them.
 * - The claims that the provider requires, such as `client_id`, have one of its values.
 * - With `maxTokenAgeSeconds`, `iat` is required, no older than that, and not in the future.
 *
 * @returns null where all is well, otherwise ERR_TOKEN_CLAIM, ERR_TOKEN_EXPIRED or ERR_TOKEN_NOT_YET_VALID.
 */
export function checkClaims(
  { claims, type }: TokenClaims,
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
  const maxAge = provider.maxTokenAgeSeconds;
  if (maxAge !== null) {
    if (iat === undefined) return 'ERR_TOKEN_CLAIM';
    if (iat > nowSeconds + leeway) return 'ERR_TOKEN_NOT_YET_VALID';
    if (nowSeconds - iat > maxAge + leeway) return 'ERR_TOKEN_EXPIRED';
  }
  if (provider.issuers.length > 0 && !isIssuedBy(claims, provider)) return 'ERR_TOKEN_CLAIM';
  if (!isForUs(own(claims, 'aud'), provider.audience)) return 'ERR_TOKEN_CLAIM';
  if (provider.requiredClaims.length > 0 && !hasRequiredClaims(claims, provider.requiredClaims))
    return 'ERR_TOKEN_CLAIM';
  return provider.type === null || isOfType(type, provider.type) ? null : 'ERR_TOKEN_CLAIM';
}

export function isForUs(audience: unknown, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  const named: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  return wanted.some((one) => named.includes(one));
}

export function isOfType(type: string | null, wanted: string): boolean {
  return type !== null && mediaType(type) === mediaType(wanted);
}

/** `typ` is a media type without case, whose `application/` may be left out (RFC 7515 section 4.1.9). */
function mediaType(type: string): string {
  const lower = type.toLowerCase();
  return lower.includes('/') ? lower : `application/${lower}`;
}

export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_EPOCH_SECONDS;
}

function isOptionalTime(value: unknown): value is number | undefined {
  return value === undefined || isTime(value);
}
