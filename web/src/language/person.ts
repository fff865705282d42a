// Owns that the page speaks the language of the person who is signed in. Does not own the preference or the words.
import { useDirection } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { showNotice } from '../app/notices';
import { usePreferences } from '../preferences/preferences';
import { isLanguage, languageOfBrowser, speak } from './setup';

/** False until the page has turned to the person's language for the first time; `mayAsk` once the preferences are known. */
export function usePersonsLanguage(mayAsk: boolean): boolean {
  const { t, i18n } = useTranslation();
  const { language } = usePreferences();
  const [hasSpoken, setSpoken] = useState(false);
  useEffect(() => {
    if (!mayAsk) return;
    speak(isLanguage(language) ? language : languageOfBrowser())
      .catch(() => showNotice(t('language.notLoaded')))
      .finally(() => setSpoken(true));
    // What the notice says does not matter to the language.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [mayAsk, language]);
  const { setDirection } = useDirection();
  const direction = i18n.dir();
  useEffect(() => setDirection(direction), [direction, setDirection]);
  return hasSpoken;
}
