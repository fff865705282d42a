// Owns which locale writes numbers and dates, and which way the page runs. Does not own the words (english.ts).
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

const dateTimeStyle: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };

/** In the zone of the person who reads, which is what the clock on their wall shows. */
export function formatMoment(moment: string): string {
  return new Intl.DateTimeFormat(formatLocale(), dateTimeStyle).format(new Date(moment));
}
