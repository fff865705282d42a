// Owns the one small card that explains a status: what, why, since when, what happens next, what ends it. One card serves
// every badge of the page, because a page may hold 250 of them. Does not own the sentences (wording.ts, or the server).
import { Popover } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MomentText } from '../language/moment';
import { useSession } from '../session/session';
import { endingActions } from './actions';
import { StatusCardContext, type CardSubject } from './card_context';
import { LegendPlace, openLegend } from './legend';
import { useStatuses } from './statuses';
import styles from './status.module.css';

const HIDE_DELAY_MILLISECONDS = 140;
const CARD_LAYER = 400;

interface Shown {
  subject: CardSubject;
  anchor: HTMLElement;
  place: { left: number; top: number; width: number; height: number };
  /** Stays, and holds the focus, until it is closed. */
  isPinned: boolean;
}

export function StatusCardProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { byCode } = useStatuses();
  const [shown, setShown] = useState<Shown | null>(null);
  const cardId = useId();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const stay = useCallback(() => clearTimeout(timer.current), []);
  const close = useCallback(() => {
    stay();
    setShown(null);
  }, [stay]);
  const control = useMemo(() => {
    const unlessPinned = (now: Shown | null) => (now?.isPinned ? now : null);
    const open = (subject: CardSubject, anchor: HTMLElement, isPinned: boolean) => {
      stay();
      setShown({ subject, anchor, place: placeOf(anchor), isPinned });
    };
    return {
      t,
      byCode,
      hide: () => {
        stay();
        setShown(unlessPinned);
      },
      hideSoon: () => {
        stay();
        timer.current = setTimeout(() => setShown(unlessPinned), HIDE_DELAY_MILLISECONDS);
      },
      show: (subject: CardSubject, anchor: HTMLElement) => open(subject, anchor, false),
      pin: (subject: CardSubject, anchor: HTMLElement) => open(subject, anchor, true),
    };
  }, [stay, t, byCode]);
  useEffect(() => stay, [stay]);
  const follow = useCallback(() => setShown((now) => now && { ...now, place: placeOf(now.anchor) }), []);
  useLeaving(shown, close, follow);
  useDescription(shown, cardId);

  return (
    <StatusCardContext value={control}>
      {children}
      {shown && (
        // A new key for a new place: the card is laid out afresh instead of sliding across the page.
        <Popover
          key={`${shown.place.left} ${shown.place.top} ${shown.isPinned}`}
          opened
          position="bottom-start"
          offset={6}
          zIndex={CARD_LAYER}
          withRoles={false}
          trapFocus={shown.isPinned}
          // Inside the main landmark, where those who move by landmarks look for it.
          portalProps={{ target: '#content' }}
          transitionProps={{ duration: 0 }}
        >
          <Popover.Target>
            <span aria-hidden="true" className={styles.anchor} style={shown.place} />
          </Popover.Target>
          <Popover.Dropdown className={styles.card} data-status-card onPointerEnter={stay} onPointerLeave={control.hideSoon}>
            <CardContent subject={shown.subject} isPinned={shown.isPinned} id={cardId} close={close} />
          </Popover.Dropdown>
        </Popover>
      )}
      <LegendPlace />
    </StatusCardContext>
  );
}

function placeOf(anchor: HTMLElement): Shown['place'] {
  const { left, top, width, height } = anchor.getBoundingClientRect();
  return { left, top, width, height };
}

interface CardContentProps {
  subject: CardSubject;
  isPinned: boolean;
  id: string;
  close: () => void;
}

function CardContent({ subject, isPinned, id, close }: CardContentProps) {
  const { label, drawing } = subject;
  return (
    <div role={isPinned ? 'dialog' : undefined} aria-label={isPinned ? label : undefined}>
      <div role={isPinned ? undefined : 'tooltip'} id={id}>
        <p className={styles.cardTitle}>
          {drawing}
          {label}
        </p>
        <CardFacts subject={subject} />
      </div>
      <CardLinks subject={subject} close={close} />
    </div>
  );
}

function CardFacts({ subject: { sentence, since, next, also } }: { subject: CardSubject }) {
  const { t } = useTranslation();
  return (
    <>
      {sentence && (
        <p className={styles.cardReason}>
          <bdi>{sentence}</bdi>
        </p>
      )}
      <dl className={styles.cardFacts}>
        {since && (
          <>
            <dt>{t('status.since')}</dt>
            <dd>
              <MomentText moment={since} />
            </dd>
          </>
        )}
        {next && (
          <>
            <dt>{t('status.next')}</dt>
            <dd>
              {next.sentence && (
                <span className={styles.cardNext}>
                  <bdi>{next.sentence}</bdi>
                </span>
              )}
              <span className={styles.cardMoment}>
                <MomentText moment={next.at} />
              </span>
            </dd>
          </>
        )}
        {also.length > 0 && (
          <>
            <dt>{t('status.also')}</dt>
            <dd>{also.join(t('status.and'))}</dd>
          </>
        )}
      </dl>
    </>
  );
}

/** What ends the status, where this person may do it, and the way to what all of them mean. */
function CardLinks({ subject, close }: { subject: CardSubject; close: () => void }) {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const { ofCustomer } = subject;
  const actions = ofCustomer ? endingActions(ofCustomer.code, session?.permissions ?? []) : [];
  return (
    <p className={styles.cardLinks}>
      {actions.map((action) => (
        <Link
          key={action}
          to="/customers/$id"
          params={{ id: String(ofCustomer?.id) }}
          search={{ do: action } as never}
          className={styles.cardAction}
          onClick={close}
        >
          {t(`status.action.${action}`)}
        </Link>
      ))}
      <button
        type="button"
        className={styles.cardLegend}
        onClick={() => {
          close();
          openLegend();
        }}
      >
        {t('status.legend.all')}
      </button>
    </p>
  );
}

/** The card goes when Escape is pressed, when the page is touched elsewhere; it follows its badge when the list scrolls. */
function useLeaving(shown: Shown | null, close: () => void, follow: () => void): void {
  useEffect(() => {
    if (!shown) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Only the card closes; a drawer below it stays, and a running search goes on.
      event.stopPropagation();
      close();
      // Before anything else can take it: the focus was in the card, which is gone.
      if (shown.isPinned) shown.anchor.focus();
    };
    const onPointer = (event: PointerEvent) => {
      const inside = event.target instanceof Node && shown.anchor.contains(event.target);
      if (!inside && !(event.target instanceof Element && event.target.closest('[data-status-card]'))) close();
    };
    window.addEventListener('keydown', onKey, true);
    window.addEventListener('pointerdown', onPointer, true);
    window.addEventListener('scroll', follow, true);
    window.addEventListener('resize', close);
    return () => {
      window.removeEventListener('keydown', onKey, true);
      window.removeEventListener('pointerdown', onPointer, true);
      window.removeEventListener('scroll', follow, true);
      window.removeEventListener('resize', close);
    };
  }, [shown, close, follow]);
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
