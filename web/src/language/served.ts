// Owns the look-up of words for what the server says by code. Does not own the words (`served` of each language), the codes
// (the server's tables), or how a reason is put together (status/wording.ts).
import i18next from 'i18next';

/** The codes are the server's, so that the types of our own words do not fit them. */
const words = i18next as unknown as {
  exists: (key: string, options: object) => boolean | undefined;
  t: (key: string, options: object) => string;
};

/** The words of the person's language, or nothing where it has none: in English most are the server's own. */
export function served(key: string, values: Record<string, string | number> = {}): string | null {
  const options = { ns: 'served', ...values };
  return words.exists(key, options) ? words.t(key, options) : null;
}

/** Keeps a name, a figure or a date from turning the sentence around it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
