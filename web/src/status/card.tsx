// Owns the one small card that explains a status: what, why, since when, what happens next. One card serves every badge
// of the page, because a page may hold 250 of them. Does not own the sentences; the server words them.
import { Popover } from '@mantine/core';
import { useCallback, useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Status } from '../api/types';
import { MomentText } from '../language/moment';
import { StatusCardContext } from './card_context';
import { StatusIcon } from './icon';
import { useStatuses } from './statuses';
import styles from './status.module.css';

const HIDE_DELAY_MILLISECONDS = 140;
const CARD_LAYER = 400;

interface Shown {
  status: Status;
  anchor: HTMLElement;
  place: { left: number; top: number; width: number; height: number };
}

export function StatusCardProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const cardId = useId();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const stay = useCallback(() => clearTimeout(timer.current), []);
  const hide = useCallback(() => {
    stay();
    setShown(null);
  }, [stay]);
  const control = useMemo(
    () => ({
      hide,
      hideSoon: () => {
        stay();
        timer.current = setTimeout(() => setShown(null), HIDE_DELAY_MILLISECONDS);
      },
      show: (status: Status, anchor: HTMLElement) => {
        stay();
        setShown({ status, anchor, place: placeOf(anchor) });
      },
    }),
    [hide, stay],
  );
  useEffect(() => stay, [stay]);
  const follow = useCallback(() => setShown((now) => now && { ...now, place: placeOf(now.anchor) }), []);
  useLeaving(shown, hide, follow);
  useDescription(shown, cardId);

  return (
    <StatusCardContext value={control}>
      {children}
      {shown && (
        // A new key for a new place: the card is laid out afresh instead of sliding across the page.
        <Popover
          key={`${shown.place.left} ${shown.place.top}`}
          opened
          position="bottom-start"
          offset={6}
          zIndex={CARD_LAYER}
          withRoles={false}
          // Inside the main landmark, where those who move by landmarks look for it.
          portalProps={{ target: '#content' }}
          transitionProps={{ duration: 0 }}
        >
          <Popover.Target>
            <span aria-hidden="true" className={styles.anchor} style={shown.place} />
          </Popover.Target>
          <Popover.Dropdown className={styles.card} onPointerEnter={stay} onPointerLeave={hide}>
            <div role="tooltip" id={cardId}>
              <CardContent status={shown.status} />
            </div>
          </Popover.Dropdown>
        </Popover>
      )}
    </StatusCardContext>
  );
}

function placeOf(anchor: HTMLElement): Shown['place'] {
  const { left, top, width, height } = anchor.getBoundingClientRect();
  return { left, top, width, height };
}

function CardContent({ status }: { status: Status }) {
  const { t } = useTranslation();
  const { byCode } = useStatuses();
  const info = byCode[status.code];
  // The server's words, which may run the other way than the page.
  const sentence = status.reason ?? info?.meaning;
  const also = status.all.filter((code) => code !== status.code).map((code) => byCode[code]?.label ?? code);
  return (
    <>
      <p className={styles.cardTitle}>
        {info && <StatusIcon icon={info.icon} tone={info.tone} />}
        {status.label}
      </p>
      {sentence && (
        <p className={styles.cardReason}>
          <bdi>{sentence}</bdi>
        </p>
      )}
      <dl className={styles.cardFacts}>
        {status.since && (
          <>
            <dt>{t('status.since')}</dt>
            <dd>
              <MomentText moment={status.since} />
            </dd>
          </>
        )}
        {status.next && (
          <>
            <dt>{t('status.next')}</dt>
            <dd>
              <span className={styles.cardNext}>
                <bdi>{status.next.sentence}</bdi>
              </span>
              <span className={styles.cardMoment}>
                <MomentText moment={status.next.at} />
              </span>
            </dd>
          </>
        )}
        {also.length > 0 && (
          <>
            <dt>{t('status.also')}</dt>
            <dd>{also.join(', ')}</dd>
          </>
        )}
      </dl>
    </>
  );
}

/** The card goes when Escape is pressed, when the page is touched elsewhere; it follows its badge when the list scrolls. */
function useLeaving(shown: Shown | null, hide: () => void, follow: () => void): void {
  useEffect(() => {
    if (!shown) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Only the card closes; a drawer below it stays, and a running search goes on.
      event.stopPropagation();
      hide();
    };
    const onPointer = (event: PointerEvent) => {
      const inside = event.target instanceof Node && shown.anchor.contains(event.target);
      if (!inside && !(event.target instanceof Element && event.target.closest('[role="tooltip"]'))) hide();
    };
    window.addEventListener('keydown', onKey, true);
    window.addEventListener('pointerdown', onPointer, true);
    window.addEventListener('scroll', follow, true);
    window.addEventListener('resize', hide);
    return () => {
      window.removeEventListener('keydown', onKey, true);
      window.removeEventListener('pointerdown', onPointer, true);
      window.removeEventListener('scroll', follow, true);
      window.removeEventListener('resize', hide);
    };
  }, [shown, hide, follow]);
}

/** A screen reader hears the card as the description of the badge that opened it. */
function useDescription(shown: Shown | null, cardId: string): void {
  const anchor = shown?.anchor;
  useEffect(() => {
    if (!anchor) return;
    anchor.setAttribute('aria-describedby', cardId);
    return () => anchor.removeAttribute('aria-describedby');
  }, [anchor, cardId]);
}
