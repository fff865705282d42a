// Owns the legend: each status with its icon, what it means, what ends it, and what it permits. Does not own the table, which
// is the engine's own (GET /statuses).
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useReturnFocus } from '../app/return_focus';
import { PermitFacts } from '../customer/permit_facts';
import { StatusIcon } from './icon';
import { useStatuses } from './statuses';
import styles from './status.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';

export default function LegendDialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { inOrder } = useStatuses();
  useReturnFocus();
  return (
    <Modal opened onClose={close} size="50rem" title={t('status.legend.title')} closeButtonProps={{ 'aria-label': t('grid.close') }}>
      <p className={styles.legendIntroduction}>{t('status.legend.introduction')}</p>
      <ol className={styles.legend} aria-label={t('status.legend.title')}>
        {inOrder.map(({ code, label, icon, tone, meaning, ending, permits }) => (
          <li key={code} className={styles.legendRow}>
            <span className={styles.legendIcon}>
              <StatusIcon icon={icon} tone={tone} />
            </span>
            <div>
              <h3 className={styles.legendLabel}>{label}</h3>
              <p className={styles.legendLine}>{meaning}</p>
              <p className={styles.legendLine}>{ending}</p>
              <details className={styles.legendPermits}>
                <summary aria-label={t('status.legend.permitsOf', { label })}>{t('status.legend.permits')}</summary>
                <PermitFacts permits={permits} />
              </details>
            </div>
          </li>
        ))}
      </ol>
    </Modal>
  );
}
