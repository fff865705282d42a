// Owns the sign-in page: its form, its errors, its waiting. Does not own the session that comes of it (session.ts).
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client';
import type { Session } from '../api/types';
import { Mark } from '../app/icon';
import { usePageTitle } from '../app/page_title';
import { failureOf } from '../api/failure';
import { signIn } from './session';
import styles from './session.module.css';

interface SignInProps {
  hasExpired?: boolean;
  onEnter: (session: Session) => void;
}

interface Missing {
  login: boolean;
  password: boolean;
}

export default function SignIn({ hasExpired = false, onEnter }: SignInProps) {
  const { t } = useTranslation();
  const loginField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState<Missing>({ login: false, password: false });
  const { mutate, isPending, error } = useMutation({
    mutationFn: (given: { login: string; password: string }) => signIn(given.login, given.password),
    onSuccess: onEnter,
    // The password is what is most often wrong, and it is the field that has to be typed again anyway.
    onError: () => passwordField.current?.select(),
  });
  usePageTitle(t('session.title'));
  useEffect(() => loginField.current?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = { login: loginField.current?.value.trim() ?? '', password: passwordField.current?.value ?? '' };
    const lacks = { login: given.login === '', password: given.password === '' };
    setMissing(lacks);
    if (lacks.login) loginField.current?.focus();
    else if (lacks.password) passwordField.current?.focus();
    else if (!isPending) mutate(given);
  };

  // Above the page there is one already.
  const Frame = hasExpired ? 'div' : 'main';
  return (
    <Frame className={styles.page}>
      <form className={styles.form} onSubmit={submit} noValidate aria-labelledby="sign-in-title">
        <p className={styles.product}>
          <Mark /> {t('product')}
        </p>
        <h1 id="sign-in-title" className={styles.title}>
          {t('session.title')}
        </h1>
        {hasExpired && !error && <p className={styles.note}>{t('session.expired')}</p>}
        <div role="alert">{error && <SignInError error={error} />}</div>
        <TextInput
          ref={loginField}
          label={t('session.login')}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={200}
          error={missing.login && t('session.missingLogin')}
        />
        <PasswordInput
          ref={passwordField}
          label={t('session.password')}
          name="password"
          autoComplete="current-password"
          maxLength={200}
          error={missing.password && t('session.missingPassword')}
          visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
        />
        <Button type="submit" aria-disabled={isPending} fullWidth>
          {isPending ? t('session.submitting') : t('session.submit')}
        </Button>
      </form>
    </Frame>
  );
}

function SignInError({ error }: { error: Error }) {
  const { t } = useTranslation();
  return <p className={styles.error}>{wordsFor()}</p>;

  function wordsFor(): string {
    const code = error instanceof ApiError ? error.problem.code : null;
    if (code === 'invalid_credentials') return t('session.invalid');
    if (code === 'too_many_attempts') {
      const seconds = error instanceof ApiError ? error.retryAfterSeconds : null;
      return seconds === null ? t('session.tooMany') : t('session.tooManySeconds', { count: seconds });
    }
    const { title, detail } = failureOf(error, t);
    return `${title}. ${detail}`;
  }
}
