// Owns how i18next is started and what the page says of its own language. Does not own words or number formats.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { english } from './english';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof english };
    returnNull: false;
  }
}

export function setUpLanguage(): void {
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: english } },
    // React escapes what it renders; escaping twice would show "&amp;" in names.
    interpolation: { escapeValue: false },
    // The library's word for itself does not belong in an operator's console.
    showSupportNotice: false,
  });
  i18next.on('languageChanged', describePage);
  describePage(i18next.language);
}

function describePage(language: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
}
