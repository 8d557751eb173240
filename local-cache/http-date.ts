// Dates as RFC 9110, section 5.6.7, wants them written: `Sun, 06 Nov 1994 08:49:37 GMT`. No other form is read.

import { decimal } from './text';

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** Seconds since 1970; -1 where it is no such date. */
export function httpDate(at: usize, length: usize): i64 {
  if (length != 29 || load<u8>(at + 3) != 0x2c || load<u8>(at + 26) != 0x47) return -1;
  const day = decimal(at + 5, 2, 99);
  const month = monthOf(at + 8);
  const year = decimal(at + 12, 4, 9999);
  const hour = decimal(at + 17, 2, 99);
  const minute = decimal(at + 20, 2, 99);
  const second = decimal(at + 23, 2, 99);
  if (day < 1 || month < 0 || year < 1970 || hour < 0 || minute < 0 || second < 0) return -1;
  return daysSince1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

function monthOf(at: usize): i64 {
  for (let month = 0; month < 12; month++) {
    let is = true;
    for (let i = 0; i < 3; i++) {
      const wanted = load<u16>(changetype<usize>(MONTHS) + ((<usize>month * 3 + i) << 1));
      if ((load<u8>(at + i) | 0x20) != <u8>wanted) is = false;
    }
    if (is) return month;
  }
  return -1;
}

/** Of the Gregorian calendar; the year is taken to begin in March, so that the leap day is its last. */
function daysSince1970(year: i64, month: i64, day: i64): i64 {
  const y = month < 2 ? year - 1 : year;
  const fromMarch = (month + 10) % 12;
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * fromMarch + 2) / 5 + day - 1 - 719468;
}
