// Owns what stands between the door and the rooms: nothing is shown before it is known who asks. Does not own the rooms.
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types';
import { Failed } from '../app/failed';
import { usePersonsLanguage } from '../language/person';
import { lazySoon } from '../app/lazy_soon';
import { useLoadPreferences } from '../preferences/preferences';
import { useReturnFocus } from '../app/return_focus';
import { enter, useSession } from './session';
import styles from './session.module.css';

const SignIn = lazySoon(() => import('./sign_in'));

export function SessionGate({ children }: { children: (session: Session) => ReactNode }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: session, error, refetch } = useSession();
  const { isSettled: hasPreferences } = useLoadPreferences(Boolean(session));
  const isWorded = usePersonsLanguage(Boolean(session) && hasPreferences);

  if (error && session === undefined) return <Failed error={error} retry={() => void refetch()} />;
  if (session === undefined || (session && !(hasPreferences && isWorded))) return <p className="for-screen-readers">{t('session.checking')}</p>;
  const onEnter = (entered: Session) => enter(client, entered);
  if (session === null) {
    return (
      <Suspense>
        <SignIn onEnter={onEnter} />
      </Suspense>
    );
  }
  return (
    <>
      {children(session)}
      {session.hasEnded && (
        <Suspense>
          <SignInAgain onEnter={onEnter} />
        </Suspense>
      )}
    </>
  );
}

/** Above everything that is open, so that nothing of it is lost; the browser keeps the rest out of reach. */
function SignInAgain({ onEnter }: { onEnter: (session: Session) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useReturnFocus();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="sign-in-title" className={styles.again} onCancel={(event) => event.preventDefault()}>
      <SignIn hasExpired onEnter={onEnter} />
    </dialog>
  );
}
