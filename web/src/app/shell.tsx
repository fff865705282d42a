// Owns the frame around every page: skip link, navigation, the menu of the signed-in person, the keyboard that works
// everywhere. Does not own any page.
import { Button, Popover, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types';
import { languages } from '../language/setup';
import { ChoiceGroup } from '../preferences/choice_group';
import { themes, useChangePreferences, usePreferences } from '../preferences/preferences';
import { forgetOthers, sessionKey, signOut } from '../session/session';
import { Icon, Mark } from './icon';
import { lazySoon } from './lazy_soon';
import { showNotice } from './notices';
import { places } from './places';
import { useShortcuts } from './shortcuts';
import styles from './app.module.css';

const KeyboardHelp = lazySoon(() => import('./keyboard_help'));

export function Shell({ session }: { session: Session }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useThemeOfPreferences();
  useShortcuts([
    ...places.map(({ to, keys, going }) => ({ keys: [keys], description: t(going), run: () => void navigate({ to }) })),
    { keys: ['?'], description: t('keyboard.help'), run: () => setHelpOpen(true) },
  ]);
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        {t('navigation.skip')}
      </a>
      <nav aria-label={t('navigation.label')} className={styles.side}>
        <p className={styles.product}>
          <Mark /> {t('product')}
        </p>
        <ul className={styles.places}>
          {places.map((place) => (
            <li key={place.to}>
              <Link to={place.to} className={styles.place} activeOptions={{ includeSearch: false }}>
                <Icon name={place.icon} />
                <span className={styles.placeName}>{t(place.label)}</span>
              </Link>
            </li>
          ))}
        </ul>
        <PersonMenu session={session} showHelp={() => setHelpOpen(true)} />
      </nav>
      <main id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
      {isHelpOpen && (
        <Suspense>
          <KeyboardHelp close={() => setHelpOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

function PersonMenu({ session, showHelp }: { session: Session; showHelp: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const preferences = usePreferences();
  const change = useChangePreferences();
  const { staff } = session;

  const leave = () => {
    signOut().then(
      () => {
        client.setQueryData(sessionKey, null);
        forgetOthers(client);
      },
      () => showNotice(t('session.notSignedOut')),
    );
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={styles.person}
          aria-label={t('session.menu', { name: staff.name })}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={styles.initials} aria-hidden="true">
            {Array.from(staff.name)[0]}
          </span>
          <span className={styles.personName} dir="auto">
            {staff.name}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu}>
        <p className={styles.menuName}>
          <bdi>{staff.name}</bdi>
          <span className={styles.quiet}>
            <bdi>{staff.login}</bdi> · {t(`session.role.${staff.role}`)}
          </span>
        </p>
        <ChoiceGroup
          label={t('language.label')}
          choices={Object.entries(languages).map(([value, label]) => ({ value, label, lang: value }))}
          value={i18n.language}
          onChange={(language) => change({ language })}
        />
        <ChoiceGroup
          label={t('theme.label')}
          choices={themes.map((value) => ({ value, label: t(`theme.${value}`) }))}
          value={preferences.theme}
          onChange={(value) => change({ theme: value })}
        />
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="keyboard" />}
          onClick={() => {
            setOpen(false);
            showHelp();
          }}
        >
          {t('keyboard.button')}
        </Button>
        <Button variant="default" size="xs" onClick={leave}>
          {t('session.signOut')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

/** The library keeps a copy in this browser, for the first paint of the next visit; the preferences are the truth. */
function useThemeOfPreferences(): void {
  const preferences = usePreferences();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const chosen = preferences.theme === 'system' ? 'auto' : preferences.theme;
  useEffect(() => {
    setColorScheme(chosen);
  }, [chosen, setColorScheme]);
}
