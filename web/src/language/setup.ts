// Owns which languages there are, how i18next is started and turned to another one, and what the page says of its own
// language. Does not own words or number formats.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { first, type English } from './english';
import { served } from './english/served';
import type { Served } from './dictionary';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: English };
    returnNull: false;
  }
}

/** In the order of the menu, each by its own name: who looks for a language may read no other. */
export const languages = { en: 'English', de: 'Deutsch', ar: 'العربية' } as const;
export type Language = keyof typeof languages;

/** The English of the first page comes with the program; another language is loaded when somebody speaks it. */
const loaders: Record<Exclude<Language, 'en'>, () => Promise<{ words: object; served: Served }>> = {
  de: () => import('./german'),
  ar: () => import('./arabic'),
};

/** The language of the last person here, for the page before it is known who comes. */
const LAST_KEY = 'trunkline.language';

export function isLanguage(tag: unknown): tag is Language {
  return typeof tag === 'string' && Object.hasOwn(languages, tag);
}

export function languageOfBrowser(): Language {
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

/** Resolves when there are words to show, whatever happens on the way. */
export async function setUpLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: first, served } },
    partialBundledLanguages: true,
    ns: ['translation', 'served'],
    defaultNS: 'translation',
    // React escapes what it renders; escaping twice would show "&amp;" in names.
    interpolation: { escapeValue: false },
    // The library's word for itself does not belong in an operator's console.
    showSupportNotice: false,
  });
  i18next.on('languageChanged', describePage);
  describePage(i18next.language);
  const last = remembered();
  // Where its words cannot be had, English has to do.
  await speak(isLanguage(last) ? last : languageOfBrowser()).catch(() => undefined);
}

/** For a page that is loaded when it is asked for: the module of the page, once there are words for it. */
export async function withWords<Page>(page: Promise<Page>): Promise<Page> {
  // English always: another language may be turned away from while the page stands.
  const [loaded, { pages }] = await Promise.all([page, import('./english/pages')]);
  i18next.addResourceBundle('en', 'translation', pages, true);
  return loaded;
}

/** Turns the page to a language. Fails where its words cannot be loaded; the page stays as it is then. */
export async function speak(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'served')) {
    const { words, served } = await loaders[language]();
    i18next.addResourceBundle(language, 'translation', words);
    i18next.addResourceBundle(language, 'served', served);
  }
  if (i18next.language !== language) await i18next.changeLanguage(language);
  remember(language);
}

function describePage(language: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
}

function remembered(): string | null {
  try {
    return localStorage.getItem(LAST_KEY);
  } catch {
    // A browser that keeps nothing.
    return null;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(LAST_KEY, language);
  } catch {
    // The same: the next visit begins in the browser's language.
  }
}
