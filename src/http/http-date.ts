const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const IMF = /^(?:mon|tue|wed|thu|fri|sat|sun), (\d{2}) ([a-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) gmt$/;
const RFC850 =
  /^(?:mon|tues|wednes|thurs|fri|satur|sun)day, (\d{2})-([a-z]{3})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) gmt$/;
const ASCTIME = /^(?:mon|tue|wed|thu|fri|sat|sun) ([a-z]{3}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;

/**
 * Milliseconds since the epoch of an HTTP-date in any of its three forms (RFC 9110 section 5.6.7), or null. `Date.parse` takes much
 * that is not one (`0`, other time zones, ISO 8601), which RFC 9111 section 5.3 wants to be in the past.
 */
export function parseHttpDate(text: string, nowMs: number): number | null {
  const value = text.trim().toLowerCase();
  const imf = IMF.exec(value);
  if (imf) return utc(imf[3], imf[2], imf[1], imf[4], imf[5], imf[6]);
  const asctime = ASCTIME.exec(value);
  if (asctime) return utc(asctime[6], asctime[1], asctime[2], asctime[3], asctime[4], asctime[5]);
  const rfc850 = RFC850.exec(value);
  if (!rfc850) return null;
  // A two-digit year more than 50 years ahead is the past one.
  const century = Math.floor(new Date(nowMs).getUTCFullYear() / 100) * 100;
  const year = century + Number(rfc850[3]);
  const sensible = year > new Date(nowMs).getUTCFullYear() + 50 ? year - 100 : year;
  return utc(String(sensible), rfc850[2], rfc850[1], rfc850[4], rfc850[5], rfc850[6]);
}

function utc(...parts: (string | undefined)[]): number | null {
  const [year, month, day, hours, minutes, seconds] = parts.map((part) => part ?? '');
  const index = MONTHS.indexOf(month ?? '');
  if (index < 0 || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return null;
  // `Date.UTC` takes the years 0 to 99 for those of another century.
  if (Number(year) < 100) return null;
  // A leap second is the end of its minute, and not the next day.
  const second = Math.min(59, Number(seconds));
  const time = Date.UTC(Number(year), index, Number(day), Number(hours), Number(minutes), second);
  return new Date(time).getUTCDate() === Number(day) ? time : null;
}
