// Owns the status as it stands in a row: icon, spoken label, and the way to its card. Does not own the card (card.tsx).
import { memo, type PointerEvent } from 'react';
import type { Id, Status } from '../api/types';
import { useStatusCard } from './card_context';
import { StatusIcon } from './icon';
import styles from './status.module.css';

interface StatusBadgeProps {
  status: Status;
  /** Whose it is, where the card is to offer what ends it. */
  customerId?: Id;
  /** The label beside the icon, where there is room for it. */
  withLabel?: boolean;
  tabIndex?: number;
}

export const StatusBadge = memo(function StatusBadge({ status, customerId, withLabel = false, tabIndex }: StatusBadgeProps) {
  const card = useStatusCard();
  const { t, byCode } = card;
  const info = byCode[status.code];
  const label = info?.label ?? status.label;
  const subject = { status, customerId };

  if (status.code === 'active') {
    return <span className={withLabel ? styles.label : 'for-screen-readers'}>{label}</span>;
  }
  const hover = (event: PointerEvent<HTMLButtonElement>) => {
    // A finger "hovers" just before it taps; the tap alone decides, or the card would open and close at once.
    if (event.pointerType === 'mouse') card.show(subject, event.currentTarget);
  };
  return (
    <button
      type="button"
      className={styles.badge}
      aria-label={t('status.show', { label })}
      tabIndex={tabIndex}
      onPointerEnter={hover}
      onPointerLeave={card.hideSoon}
      onFocus={(event) => {
        if (event.currentTarget.matches(':focus-visible')) card.show(subject, event.currentTarget);
      }}
      onBlur={card.hide}
      onClick={(event) => {
        event.stopPropagation();
        card.pin(subject, event.currentTarget);
      }}
    >
      {info ? <StatusIcon icon={info.icon} tone={info.tone} /> : <span className={styles.placeholder} />}
      {withLabel && <span className={styles.label}>{label}</span>}
    </button>
  );
});
