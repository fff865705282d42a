// Owns the question before what was typed is thrown away: on another page of this program in a dialog of ours, on leaving
// it in the browser's own. Does not own what was typed.
import { Button, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './form.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';

interface LeaveGuardProps {
  isOn: boolean;
  /** What was typed has been saved. */
  isDone: RefObject<boolean>;
}

export function LeaveGuard({ isOn, isDone }: LeaveGuardProps) {
  const { t } = useTranslation();
  const isOnNow = useRef(isOn);
  useEffect(() => {
    isOnNow.current = isOn;
  }, [isOn]);
  const blocker = useBlocker({
    // Words in the address that change on the same page (a dialog that closes) take nothing away.
    shouldBlockFn: ({ current, next }) => isOnNow.current && !isDone.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => isOnNow.current && !isDone.current,
    withResolver: true,
  });
  const isAsked = blocker.status === 'blocked';
  return (
    <Modal
      opened={isAsked}
      onClose={() => blocker.reset?.()}
      title={t('form.leaveTitle')}
      closeButtonProps={{ 'aria-label': t('grid.close') }}
    >
      <p className={styles.question}>{t('form.leaveDetail')}</p>
      <div className={styles.buttons}>
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          {t('form.stay')}
        </Button>
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {t('form.leave')}
        </Button>
      </div>
    </Modal>
  );
}
