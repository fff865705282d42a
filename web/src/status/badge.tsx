// Owns the status as it stands in a row: icon, spoken label, and the way to its card. Does not own the card (card.tsx).
import { memo, type PointerEvent, type ReactNode } from 'react';
import type { Id, Status } from '../api/types';
import { useStatusCard, type CardSubject, type StatusCardControl } from './card_context';
import { StatusIcon } from './icon';
import { reasonText } from './wording';
import styles from './status.module.css';

interface StatusBadgeProps {
  status: Status;
  /** Whose it is, where the card is to offer what ends it. */
  customerId?: Id;
  /** The label beside the icon, where there is room for it. */
  withLabel?: boolean;
  tabIndex?: number;
}

/** The status of a customer. */
export const StatusBadge = memo(function StatusBadge({ status, customerId, withLabel = false, tabIndex }: StatusBadgeProps) {
  const { byCode } = useStatusCard();
  const info = byCode[status.code];
  const label = info?.label ?? status.label;
  if (status.code === 'active') {
    return <span className={withLabel ? styles.label : 'for-screen-readers'}>{label}</span>;
  }
  const drawing = info ? <StatusIcon icon={info.icon} tone={info.tone} /> : <span className={styles.placeholder} />;
  return <CardBadge label={label} drawing={drawing} subjectOf={() => subjectOf(status, customerId, byCode)} withLabel={withLabel} tabIndex={tabIndex} />;
});

function subjectOf(status: Status, customerId: Id | undefined, byCode: StatusCardControl['byCode']): Omit<CardSubject, 'label' | 'drawing'> {
  const { code, since, next, all } = status;
  return {
    sentence: reasonText(status.reason_code, status.reason_values, status.reason) ?? byCode[code]?.meaning ?? null,
    since,
    next: next && { at: next.at, sentence: reasonText(next.reason_code, next.reason_values, next.sentence) },
    also: all.filter((other) => other !== code).map((other) => byCode[other]?.label ?? other),
    ofCustomer: customerId === undefined ? undefined : { id: customerId, code },
  };
}

interface CardBadgeProps {
  label: string;
  drawing: ReactNode;
  /** Asked for when the card opens: a page may hold 250 badges. */
  subjectOf: () => Omit<CardSubject, 'label' | 'drawing'>;
  withLabel?: boolean;
  tabIndex?: number;
}

/** What opens the card: by pointer, by focus, by key and by a tap. */
export function CardBadge({ label, drawing, subjectOf, withLabel = false, tabIndex }: CardBadgeProps) {
  const card = useStatusCard();
  const subject = () => ({ label, drawing, ...subjectOf() });
  const hover = (event: PointerEvent<HTMLButtonElement>) => {
    // A finger "hovers" just before it taps; the tap alone decides, or the card would open and close at once.
    if (event.pointerType === 'mouse') card.show(subject(), event.currentTarget);
  };
  return (
    <button
      type="button"
      className={styles.badge}
      aria-label={card.t('status.show', { label })}
      tabIndex={tabIndex}
      onPointerEnter={hover}
      onPointerLeave={card.hideSoon}
      onFocus={(event) => {
        if (event.currentTarget.matches(':focus-visible')) card.show(subject(), event.currentTarget);
      }}
      onBlur={card.hide}
      onClick={(event) => {
        event.stopPropagation();
        card.pin(subject(), event.currentTarget);
      }}
    >
      {drawing}
      {withLabel && <span className={styles.label}>{label}</span>}
    </button>
  );
}
