// Owns the frame around every page: skip link, navigation, the menu of the signed-in person, the keyboard that works
// everywhere. Does not own any page.
import { Button, Popover, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types';
import { forgetRecent } from '../customer/recent';
import { languages } from '../language/setup';
import { ChoiceGroup } from '../preferences/choice_group';
import { themes, useChangePreferences, usePreferences } from '../preferences/preferences';
import { leave, signOut } from '../session/session';
import { openLegend } from '../status/legend';
import { Icon, Mark } from './icon';
import { lazySoon } from './lazy_soon';
import { useCommands } from './commands';
import { showNotice } from './notices';
import { usePlaces } from './places';
import { useShortcuts } from './shortcuts';
import styles from './app.module.css';

const KeyboardHelp = lazySoon(() => import('./keyboard_help'));
const CommandPalette = lazySoon(() => import('./palette'));

export function Shell({ session }: { session: Session }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const places = usePlaces();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  useThemeOfPreferences();
  useCommandsEverywhere(() => setHelpOpen(true));
  useShortcuts([
    ...places.map(({ to, keys, going }) => ({ keys: [keys], description: t(going), run: () => void navigate({ to }) })),
    { keys: ['Ctrl+K'], description: t('keyboard.palette'), run: () => setPaletteOpen(true) },
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
        <PersonMenu session={session} showHelp={() => setHelpOpen(true)} showPalette={() => setPaletteOpen(true)} />
      </nav>
      <main id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
      {isPaletteOpen && (
        <Suspense>
          <CommandPalette login={session.staff.login} close={() => setPaletteOpen(false)} />
        </Suspense>
      )}
      {isHelpOpen && (
        <Suspense>
          <KeyboardHelp close={() => setHelpOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** What can be done wherever one is. */
function useCommandsEverywhere(showHelp: () => void): void {
  const { t, i18n } = useTranslation();
  const { theme } = usePreferences();
  const change = useChangePreferences();
  const goAway = useLeave();
  const others = Object.entries(languages).filter(([language]) => language !== i18n.language);
  useCommands([
    ...themes.filter((one) => one !== theme).map((one) => ({
      label: `${t('theme.label')}: ${t(`theme.${one}`)}`,
      run: () => change({ theme: one }),
    })),
    ...others.map(([language, label]) => ({ label: `${t('language.label')}: ${label}`, run: () => change({ language }) })),
    { label: t('keyboard.button'), run: showHelp },
    { label: t('status.legend.all'), run: openLegend },
    { label: t('session.signOut'), run: goAway },
  ]);
}

function useLeave(): () => void {
  const { t } = useTranslation();
  const client = useQueryClient();
  return () => {
    signOut().then(
      () => {
        leave(client);
        forgetRecent();
      },
      () => showNotice(t('session.notSignedOut')),
    );
  };
}

interface PersonMenuProps {
  session: Session;
  showHelp: () => void;
  showPalette: () => void;
}

function PersonMenu({ session, showHelp, showPalette }: PersonMenuProps) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const preferences = usePreferences();
  const change = useChangePreferences();
  const { staff } = session;
  const goAway = useLeave();
  const chosen = (run: () => void) => () => {
    setOpen(false);
    run();
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
        <Button variant="default" size="xs" leftSection={<Icon name="search" />} onClick={chosen(showPalette)}>
          {t('palette.button')}
        </Button>
        <Button variant="default" size="xs" leftSection={<Icon name="keyboard" />} onClick={chosen(showHelp)}>
          {t('keyboard.button')}
        </Button>
        <Button variant="default" size="xs" onClick={goAway}>
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
