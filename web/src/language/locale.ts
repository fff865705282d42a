// Owns which locale writes numbers and dates. Does not own the words (english/ and its translations), or which way the page
// runs (setup.ts).
import i18next from 'i18next';
import type { Money } from '../api/types';
import { formatMoney } from '../money/format';

/**
 * What a language would otherwise leave to its region. Figures are compared, copied and typed all day, on invoices and in
 * two languages at one desk: Latin digits and the calendar of the invoices, also where Arabic is read.
 */
const systems: Record<string, string> = { ar: 'u-ca-gregory-nu-latn' };

/**
 * The browser knows the region (en-GB or en-US), the preferences know the language. Where both speak the same
 * language the region decides; otherwise a German browser would write German numbers into English sentences.
 */
export function formatLocale(): string {
  const language = i18next.resolvedLanguage ?? 'en';
  const regional = navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`));
  const locale = (regional ?? language).replace(/-u-.*$/, '');
  const system = systems[language];
  return system === undefined ? locale : `${locale}-${system}`;
}

/** To make one takes longer than to write with it, and a page of a list writes hundreds of dates. */
const writers = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numberWriter(): Intl.NumberFormat {
  const locale = formatLocale();
  const known = writers.get(locale);
  if (known instanceof Intl.NumberFormat) return known;
  const made = new Intl.NumberFormat(locale);
  writers.set(locale, made);
  return made;
}

function dateWriter(parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = formatLocale();
  const key = locale + JSON.stringify(parts);
  const known = writers.get(key);
  if (known instanceof Intl.DateTimeFormat) return known;
  const made = new Intl.DateTimeFormat(locale, parts);
  writers.set(key, made);
  return made;
}

export function formatCount(count: number): string {
  return numberWriter().format(count);
}

/** One and another and a third. */
export function formatAll(words: string[]): string {
  return new Intl.ListFormat(formatLocale(), { type: 'conjunction' }).format(words);
}

/** For sentences; columns have their currency beside them. */
export function formatAmountIn(amount: Money, currency: string, digits: number): string {
  // The space does not break: a figure without its currency says nothing.
  return `${formatMoney(amount, digits, formatLocale()).text}\u00a0${currency}`;
}

const momentParts: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
};

/** In the zone of the person who reads, which is what the clock on their wall shows. */
export function formatMoment(moment: string, { withZone = false } = {}): string {
  const options = withZone ? { ...momentParts, timeZoneName: 'short' as const } : momentParts;
  return dateWriter(options).format(new Date(moment));
}

/** The time of day by the reader's clock, of a moment in milliseconds. */
export function formatTime(milliseconds: number): string {
  return dateWriter({ hour: '2-digit', minute: '2-digit' }).format(milliseconds);
}

export function formatMomentIn(moment: string, zone: string): string {
  return formatIn(moment, zone, momentParts);
}

/** For sentences, by the clock of whom they are about; the year is left out where it is the present one. */
export function formatMomentOfClock(moment: string, zone: string): string {
  return formatIn(moment, zone, { ...dayParts(moment), hour: '2-digit', minute: '2-digit' });
}

/** For a cell of a list: the day on the clock of the person who reads. */
export function formatDayOfMoment(moment: string): string {
  return dateWriter({ year: 'numeric', month: 'short', day: 'numeric' }).format(new Date(moment));
}

/** A day, such as "2026-06-16", as sentences have it. */
export function formatDay(day: string): string {
  return formatIn(`${day}T00:00:00Z`, 'UTC', dayParts(day));
}

function dayParts(moment: string): Intl.DateTimeFormatOptions {
  const isThisYear = moment.slice(0, 4) === String(new Date().getFullYear());
  return { day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }) };
}

function formatIn(moment: string, zone: string, parts: Intl.DateTimeFormatOptions): string {
  const write = (timeZone?: string) => dateWriter({ ...parts, timeZone }).format(new Date(moment));
  try {
    return write(zone);
  } catch {
    // A zone that is younger than this browser: the reader's clock has to do.
    return write();
  }
}
