// Owns what the window is called. Does not own what stands on the page.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

export function usePageTitle(title: string): void {
  const { t } = useTranslation();
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · ${t('product')}`;
    // What stood above a page goes, and the page is still there.
    return () => {
      document.title = before;
    };
  }, [title, t]);
}
