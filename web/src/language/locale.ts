// Owns which locale writes numbers and dates, and which way the page runs. Does not own the words (english/).
import i18next from 'i18next';

/**
 * The browser knows the region (en-GB or en-US), the preferences know the language. Where both speak the same
 * language the region decides; otherwise a German browser would write German numbers into English sentences.
 */
export function formatLocale(): string {
  const language = i18next.resolvedLanguage ?? 'en';
  const regional = navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`));
  return regional ?? language;
}

export function formatCount(count: number): string {
  return new Intl.NumberFormat(formatLocale()).format(count);
}

const momentParts: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
};

/** A date of a calendar, which is the same day in every zone. */
export function formatDay(day: string): string {
  const { year, month } = momentParts;
  return new Intl.DateTimeFormat(formatLocale(), { year, month, day: 'numeric', timeZone: 'UTC' }).format(new Date(day));
}

/** In the zone of the person who reads, which is what the clock on their wall shows. */
export function formatMoment(moment: string, { withZone = false } = {}): string {
  const options = withZone ? { ...momentParts, timeZoneName: 'short' as const } : momentParts;
  return new Intl.DateTimeFormat(formatLocale(), options).format(new Date(moment));
}

export function formatMomentIn(moment: string, zone: string): string {
  try {
    return new Intl.DateTimeFormat(formatLocale(), { ...momentParts, timeZone: zone }).format(new Date(moment));
  } catch {
    // A zone that is younger than this browser: the reader's clock has to do.
    return formatMoment(moment);
  }
}
