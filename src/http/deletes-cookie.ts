const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Whether a `Set-Cookie` takes the cookie away: `Max-Age` of 0 or less, or else an `Expires` that is past (RFC 6265 section 5.3).
 * Of an attribute that stands twice the last one counts.
 */
export function deletesCookie(line: string, nowMs: number): boolean {
  let maxAge: number | null = null;
  let expiresMs: number | null = null;
  for (const attribute of line.split(';').slice(1)) {
    const equals = attribute.indexOf('=');
    const name = attribute.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    const value = attribute.slice(equals + 1).trim();
    if (name === 'max-age' && /^-?\d+$/.test(value)) maxAge = Number(value);
    if (name === 'expires') expiresMs = cookieDateMs(value) ?? expiresMs;
  }
  if (maxAge !== null) return maxAge <= 0;
  return expiresMs !== null && expiresMs <= nowMs;
}

/** As browsers read it (RFC 6265 section 5.1.1): also `Thu, 01-Jan-1970 00:00:00 GMT`, which is no HTTP-date. */
function cookieDateMs(text: string): number | null {
  const time = /(?:^|[^\d:])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:$|\D)/.exec(text);
  const date = /(?:^|\D)(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4}|\d{2})(?:$|\D)/i.exec(text);
  const month = MONTHS.indexOf(date?.[2]?.toLowerCase() ?? '');
  if (time === null || date === null || month < 0) return null;
  const short = Number(date[3]);
  const year = short >= 100 ? short : short + (short >= 70 ? 1900 : 2000);
  return Date.UTC(year, month, Number(date[1]), Number(time[1]), Number(time[2]), Number(time[3]));
}
