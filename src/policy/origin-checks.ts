import { parseClaimPath } from './claims/claim-path.ts';
import { cmsCookieName } from './cms.ts';
import { patternsOverlap } from './name-patterns.ts';
import type { CmsCookieInput } from './origins.ts';
import type { Report } from './policy-error.ts';
import type { PolicyInput } from './routes/route.ts';
import { CLAIM_PATH, NEVER_OVERWRITTEN } from './scopes/scope-checks.ts';

/** A shielded request travels as one header, a third longer than what it holds. */
const SHIELDED_HEADER_BYTES = 40_960;

/** What is wrong with origins, shields, editors' cookies and the limits of passes. */
export function originProblems(policy: PolicyInput, report: Report): void {
  checkShields(policy, report);
  checkAddressHeaders(policy, report);
  checkCmsCookies(policy, report);
  for (const [name, { passLimit }] of Object.entries(policy.routes)) {
    if (passLimit !== undefined && policy.passLimit === undefined) {
      const mend = 'Say how many are too many: passLimit: { count: 120 } of the policy.';
      report('POLICY_CONFLICT', `routes.${name}.passLimit`, passLimit, mend);
    }
  }
}

function checkShields(policy: PolicyInput, report: Report): void {
  const shielded = Object.entries(policy.origins).filter(([, { shield }]) => shield !== undefined);
  for (const [name, { shield, backend }] of shielded) {
    if (shield !== undefined && 'backend' in shield && shield.backend === backend) {
      const mend =
        'The shield would be the origin itself: name the backend where this service runs once more.';
      report('POLICY_CONFLICT', `origins.${name}.shield.backend`, shield.backend, mend);
    }
  }
  const headerBytes = policy.limits?.headerBytes ?? 0;
  if (shielded.length > 0 && headerBytes > SHIELDED_HEADER_BYTES) {
    const mend = `With a shield at most ${SHIELDED_HEADER_BYTES}: the request to it holds them all in one header.`;
    report('POLICY_CONFLICT', 'limits.headerBytes', headerBytes, mend);
  }
}

/** The address is the edge's to set, and no part of any key. */
function checkAddressHeaders(policy: PolicyInput, report: Report): void {
  const taken = new Map<string, string>();
  const take = (header: string, by: string) => taken.set(header.toLowerCase(), by);
  for (const header of NEVER_OVERWRITTEN) take(header, 'HTTP itself');
  for (const [name, { lock }] of Object.entries(policy.origins)) {
    if (lock !== undefined) take(lock.header, `origins.${name}.lock`);
  }
  for (const [name, { credentials = [] }] of Object.entries(policy.providers ?? {})) {
    for (const place of credentials) if ('header' in place) take(place.header, `providers.${name}`);
  }
  for (const [name, { parts = [] }] of Object.entries(policy.scopes ?? {})) {
    for (const part of parts) if ('header' in part) take(part.header, `scopes.${name}`);
  }
  for (const [name, { vary = [], forwardClaims = {} }] of Object.entries(policy.routes)) {
    for (const header of [...vary, ...Object.keys(forwardClaims)]) take(header, `routes.${name}`);
  }
  policy.clientAddress?.headers.forEach((header, i) => {
    const by = taken.get(header.toLowerCase());
    if (by === undefined) return;
    const mend = `This header has another meaning already (${by}): choose one such as x-forwarded-for.`;
    report('POLICY_CONFLICT', `clientAddress.headers.${i}`, header, mend);
  });
}

function checkCmsCookies(policy: PolicyInput, report: Report): void {
  const cookies = policy.cms?.cookies ?? [];
  const known = Object.keys(policy.providers ?? {});
  cookies.forEach((cookie, i) => {
    const at = `cms.cookies.${i}`;
    const name = cmsCookieName(cookie);
    // Of plain names one may be part of another's pattern: nothing depends on which of them a cookie is.
    const clashes = (other: string | CmsCookieInput) =>
      typeof cookie === 'string' && typeof other === 'string'
        ? other === name
        : patternsOverlap(cmsCookieName(other), name);
    if (cookies.findIndex(clashes) !== i) {
      report(
        'POLICY_CONFLICT',
        at,
        name,
        'Name each cookie once, patterns included: with two rules, the weaker one would count.',
      );
    }
    if (typeof cookie === 'string') return;
    if ('provider' in cookie) {
      if (!known.includes(cookie.provider)) {
        const mend = `Known providers: ${known.join(', ') || 'none'}.`;
        report('POLICY_UNKNOWN_REFERENCE', `${at}.provider`, cookie.provider, mend);
      }
      for (const claim of Object.keys(cookie.requiredClaims ?? {})) {
        if (parseClaimPath(claim) === null)
          report('POLICY_CLAIM_PATH', `${at}.requiredClaims`, claim, CLAIM_PATH);
      }
    } else if (cookie.hmac.format === 'express') {
      if (cookie.hmac.expires) {
        const mend = 'Only plain cookies end with a time that is signed: remove it, or use format plain.';
        report('POLICY_CONFLICT', `${at}.hmac.expires`, true, mend);
      }
      if (cookie.hmac.covers !== 'text') {
        const mend =
          "cookie-parser signs no name, so every cookie of that secret would count: write covers: 'text' if that is so, and best give these cookies a prefix or a secret of their own.";
        report('POLICY_UNSAFE', `${at}.hmac.covers`, cookie.hmac.covers, mend);
      }
    }
  });
}
