import type { ParsedToken } from '../identity/parse-token.ts';
import { formatClaimPath } from '../policy/claims/claim-path.ts';
import type { RequiredClaim } from '../policy/claims/claim-requirements.ts';
import { walkClaims } from '../policy/claims/claim-value.ts';
import { own } from '../policy/claims/own.ts';
import { hasRequiredClaims } from '../policy/claims/required-claims.ts';
import { isForUs, isOfType, isTime } from '../policy/providers/check-claims.ts';
import { isIssuedBy } from '../policy/providers/is-issued-by.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Misfit } from './explanation.ts';
import { maskValue } from './mask.ts';

const MAX_SHOWN = 200;

/**
 * What of a token a provider does not take: all of it, where `checkClaims` ends at the first. The values of `iss`, `aud`, `typ` and of times are shown,
 * though nothing has verified them: for the operator alone. Of any other claim no value is.
 */
export function claimMisfits(
  { claims, type }: Pick<ParsedToken, 'claims' | 'type'>,
  provider: Provider,
  nowMs: number,
): readonly Misfit[] {
  const misfits: Misfit[] = [];
  const tell = (field: Misfit['field'], expected: string, actual: string) =>
    void misfits.push({ provider: provider.name, field, expected, actual });
  const now = Math.floor(nowMs / 1000);
  const { clockToleranceSeconds: leeway, maxTokenAgeSeconds: maxAge } = provider;
  const exp = own(claims, 'exp');
  const nbf = own(claims, 'nbf');
  const iat = own(claims, 'iat');
  if (!isTime(exp)) tell('exp', 'a time in seconds since 1970', timeText(exp));
  else if (exp <= now - leeway)
    tell('exp', `later than ${timeText(now - leeway)}`, `${timeText(exp)}: expired ${now - exp} s ago`);
  if (nbf !== undefined && !isTime(nbf)) tell('nbf', 'a time in seconds since 1970', timeText(nbf));
  else if (isTime(nbf) && nbf > now + leeway)
    tell(
      'nbf',
      `not later than ${timeText(now + leeway)}`,
      `${timeText(nbf)}: not valid for another ${nbf - now} s`,
    );
  if (isTime(iat) && maxAge !== null) {
    if (iat > now + leeway)
      tell('iat', `not later than ${timeText(now + leeway)}`, `${timeText(iat)}: ${iat - now} s from now`);
    else if (now - iat > maxAge + leeway)
      tell(
        'iat',
        `at most ${maxAge} s ago (maxTokenAgeSeconds)`,
        `${timeText(iat)}: ${now - iat} s ago, too old since ${timeText(iat + maxAge + leeway)}`,
      );
  } else if (!isTime(iat) && (iat !== undefined || maxAge !== null))
    tell('iat', 'a time in seconds since 1970', timeText(iat));
  if (provider.issuers.length > 0 && !isIssuedBy(claims, provider)) {
    const issuers = provider.issuers.map((one) =>
      typeof one === 'string' ? one : `${one.before}{${one.claim}}${one.after}`,
    );
    tell('iss', oneOfText(issuers), claimText(own(claims, 'iss')));
  }
  const audience = own(claims, 'aud');
  if (!isForUs(audience, provider.audience)) tell('aud', oneOfText(provider.audience), claimText(audience));
  if (provider.type !== null && !isOfType(type, provider.type))
    tell('typ', oneOfText([provider.type]), claimText(type ?? undefined));
  return [...misfits, ...requirementMisfits(claims, provider.requiredClaims, provider.name)];
}

/** Claims that are required and not there, or of another value. What the token has is told by its type. */
export function requirementMisfits(
  claims: ParsedToken['claims'],
  required: readonly RequiredClaim[],
  provider: string,
): readonly Misfit[] {
  return required
    .filter((one) => !hasRequiredClaims(claims, [one]))
    .map(({ path, values }) => {
      const found = walkClaims(claims, path);
      const actual = found === undefined ? 'missing' : JSON.stringify(maskValue(found));
      return {
        provider,
        field: formatClaimPath(path),
        expected: values === null ? 'any value' : oneOfText(values),
        actual,
      };
    });
}

function oneOfText(values: readonly unknown[]): string {
  return `${values.length === 1 ? '' : 'one of '}${values.map((value) => JSON.stringify(value)).join(', ')}`;
}

/** A text, or a list of texts, as it stands there; anything else by its type. */
function claimText(value: unknown): string {
  if (value === undefined) return 'missing';
  const isShown = [value].flat().every((one) => typeof one === 'string');
  const text = JSON.stringify(isShown ? value : maskValue(value));
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** `1764374400 (2025-11-29T00:00:00.000Z)`. */
function timeText(value: unknown): string {
  if (isTime(value)) return `${value} (${new Date(value * 1000).toISOString()})`;
  return typeof value === 'number' ? `${value}: are these milliseconds?` : claimText(maskedTime(value));
}

/** A time claim may hold anything: a text in it is no time, and nobody's to see. */
function maskedTime(value: unknown): unknown {
  return value === undefined ? undefined : maskValue(value);
}
