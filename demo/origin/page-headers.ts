/**
 * Scripts, styles, images and requests of this origin, and nothing else; no inline script, no frame around it.
 *
 * @param formAction - Where forms may be sent to.
 */
export function pageHeaders(formAction: "'none'" | "'self'"): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    // With `no-referrer` a browser sends a form with `Origin: null`.
    'Referrer-Policy': formAction === "'none'" ? 'no-referrer' : 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  };
}
