import { Builder, Text } from "../sdk";

// Moments are seconds since 1970 in UTC, without leap seconds.

const DAY: i64 = 86_400;

/** The last second of the year 9999. */
const LAST: i64 = 253_402_300_799;

/** What `parseInstant` gives for a text that is no moment. */
export const NO_INSTANT: i64 = i64.MIN_VALUE;

/** Days from 1970-01-01 to a date of the Gregorian calendar; NO_INSTANT if there is no such date. */
function daysOf(year: i32, month: i32, day: i32): i64 {
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return NO_INSTANT;
  // Years begin in March, so that a leap day is a year's last.
  const y = month > 2 ? year : year - 1;
  const m = month > 2 ? month - 3 : month + 9;
  const leaps = y / 4 - y / 100 + y / 400;
  return <i64>y * 365 + leaps + (153 * m + 2) / 5 + day - 1 - 719_468;
}

function daysOfMonth(year: i32, month: i32): i32 {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** The moment of a date of years 0 to 9999 and a time of day; NO_INSTANT if there is none such. */
export function instantOf(
  year: i32,
  month: i32,
  day: i32,
  hour: i32,
  minute: i32,
  second: i32,
): i64 {
  const days = daysOf(year, month, day);
  if (days == NO_INSTANT || <u32>hour > 23 || <u32>minute > 59 || <u32>second > 59) {
    return NO_INSTANT;
  }
  return days * DAY + hour * 3600 + minute * 60 + second;
}

/** The moment of a year whose month, day, hour, minute and second stand behind it, two digits each; or NO_INSTANT. */
export function instantBehind(year: i32, text: Text, at: i32): i64 {
  return instantOf(
    year,
    digits(text, at, 2),
    digits(text, at + 2, 2),
    digits(text, at + 4, 2),
    digits(text, at + 6, 2),
    digits(text, at + 8, 2),
  );
}

/** The number that `count` digits at `from` spell; -1 if one of them is none. */
export function digits(text: Text, from: i32, count: i32): i32 {
  let number = 0;
  for (let i = from; i < from + count; i++) {
    const digit = text.at(i) - 0x30;
    if (<u32>digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/**
 * Reads `2026-11-22T08:00:00Z` (RFC 3339 in UTC), or `2026-11-22` for the beginning of that day; NO_INSTANT for
 * anything else. Some readers of YAML make a moment of a date, and write it with `.000Z`.
 */
export function parseInstant(text: Text): i64 {
  if (text.length == 10) return readDate(text, 0, 0, 0);
  const end = text.length - (text.hasAt(19, ".000Z") ? 5 : 1);
  return end == 19 && text.at(text.length - 1) == 0x5a ? readDateTime(text) : NO_INSTANT;
}

/**
 * Reads a `date-time` of RFC 3339 §5.6, such as `2026-11-22T08:00:00.123456789+01:00`, as Go writes them: fractions
 * of a second are cut off. NO_INSTANT for anything else.
 */
export function parseTimestamp(text: Text): i64 {
  const local = readDateTime(text);
  let at = 19;
  if (text.at(at) == 0x2e) {
    at++;
    while (digits(text, at, 1) >= 0) at++;
    if (at == 20) return NO_INSTANT;
  }
  if (local == NO_INSTANT) return NO_INSTANT;
  if (text.at(at) == 0x5a) return text.length == at + 1 ? local : NO_INSTANT;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  const isWest = text.at(at) == 0x2d;
  if (!isWest && text.at(at) != 0x2b) return NO_INSTANT;
  if (text.length != at + 6 || text.at(at + 3) != 0x3a) return NO_INSTANT;
  if (<u32>hours > 23 || <u32>minutes > 59) return NO_INSTANT;
  const offset = 3600 * hours + 60 * minutes;
  return isWest ? local + offset : local - offset;
}

/** The date and time that a text begins with, up to the seconds; NO_INSTANT if it does not. */
function readDateTime(text: Text): i64 {
  if (text.at(10) != 0x54 || text.at(13) != 0x3a || text.at(16) != 0x3a) return NO_INSTANT;
  return readDate(text, digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2));
}

function readDate(text: Text, hour: i32, minute: i32, second: i32): i64 {
  const year = digits(text, 0, 4);
  if (year < 0 || text.at(4) != 0x2d || text.at(7) != 0x2d) return NO_INSTANT;
  return instantOf(year, digits(text, 5, 2), digits(text, 8, 2), hour, minute, second);
}

/** Writes a moment as RFC 3339, such as `2026-11-22T08:00:00Z`; one before 1970 or behind 9999 in words. */
export function writeInstant(to: Builder, instant: i64): void {
  if (instant < 0 || instant > LAST) {
    to.ascii(instant < 0 ? "a time before 1970" : "a time behind the year 9999");
    return;
  }
  const days = instant / DAY;
  const second = <i32>(instant % DAY);
  // Leap days make this some years too late at most.
  let year = <i32>(1970 + days / 365);
  while (daysOf(year, 1, 1) > days) year--;
  let month = 12;
  while (daysOf(year, month, 1) > days) month--;
  to.int(year).byte(0x2d);
  pair(to, month).byte(0x2d);
  pair(to, <i32>(days - daysOf(year, month, 1)) + 1).byte(0x54);
  pair(to, second / 3600).byte(0x3a);
  pair(to, (second / 60) % 60).byte(0x3a);
  pair(to, second % 60).byte(0x5a);
}

function pair(to: Builder, number: i32): Builder {
  return to.byte(0x30 + number / 10).byte(0x30 + (number % 10));
}

/** Writes how long a time is, in the greatest unit that it has one of: `12 days`, `1 hour`, `40 seconds`. */
export function writeSpan(to: Builder, seconds: i64): void {
  const unit: i64 = seconds >= DAY ? DAY : seconds >= 3600 ? 3600 : seconds >= 60 ? 60 : 1;
  const count = <i32>min<i64>(seconds / unit, i32.MAX_VALUE);
  to.int(count).ascii(
    unit == DAY ? " day" : unit == 3600 ? " hour" : unit == 60 ? " minute" : " second",
  );
  if (count != 1) to.byte(0x73);
}
