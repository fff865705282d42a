// Owns what stands between the door and the rooms: nothing is shown before it is known who asks. Does not own the rooms.
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types';
import { Failed } from '../app/failed';
import { usePersonsLanguage } from '../language/person';
import { lazySoon } from '../app/lazy_soon';
import { useLoadPreferences } from '../preferences/preferences';
import { forgetOthers, sessionKey, useSession } from './session';

const SignIn = lazySoon(() => import('./sign_in'));

export function SessionGate({ children }: { children: (session: Session) => ReactNode }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: session, error, refetch } = useSession();
  const { isSettled: hasPreferences } = useLoadPreferences(Boolean(session));
  const isWorded = usePersonsLanguage(Boolean(session) && hasPreferences);
  const [lastLogin, setLastLogin] = useState<string | null>(null);

  // Remembered past the end of the session, to know whether the same person comes back.
  if (session && session.staff.login !== lastLogin) setLastLogin(session.staff.login);

  if (error && session === undefined) return <Failed error={error} retry={() => void refetch()} />;
  if (session === undefined || (session && !(hasPreferences && isWorded))) return <p className="for-screen-readers">{t('session.checking')}</p>;
  if (session) return children(session);

  const enter = (entered: Session) => {
    // What one person has loaded is not shown to the next.
    if (lastLogin !== entered.staff.login) forgetOthers(client);
    client.setQueryData(sessionKey, entered);
  };
  return (
    <Suspense>
      <SignIn hasExpired={lastLogin !== null} onEnter={enter} />
    </Suspense>
  );
}
