// Owns the totals at the foot of a list, by currency: in a line, and unfolded as a table. Does not own the sums (the server's) nor
// when they are asked for (use_summary.ts).
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import { formatCount } from '../language/locale';
import { Amount } from '../money/amount';
import type { ListDefinition, ListSummary } from './definition';
import type { Layout, LayoutChange } from './layout';
import type { List } from './use_list';
import { useSummary } from './use_summary';
import styles from './summary.module.css';

interface TotalsProps<Row> {
  definition: ListDefinition<Row>;
  list: List<Row>;
  layout: Layout;
  changeLayout: (change: LayoutChange) => void;
}

export function Totals<Row>({ definition, list, layout, changeLayout }: TotalsProps<Row>) {
  const { t } = useTranslation();
  const id = useId();
  const isOpen = layout.totals_open ?? false;
  const { figures, isOld } = useSummary(definition, list);
  return (
    <section aria-label={t('summary.totals')} className={styles.totals} aria-busy={isOld}>
      <div className={styles.bar}>
        <button
          type="button"
          className={styles.unfold}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => changeLayout({ totals_open: !isOpen })}
        >
          <Icon name={isOpen ? 'down' : 'up'} />
          {t('summary.totals')}
        </button>
        {!isOpen && figures && <Line totals={figures.totals} />}
      </div>
      <div id={id} role="group" aria-label={t('summary.totals')} tabIndex={isOpen ? 0 : -1} hidden={!isOpen} className={styles.tableRoom}>
        {isOpen && figures && <Table title={definition.title} totals={figures.totals} />}
      </div>
    </section>
  );
}

function Line({ totals }: Pick<ListSummary, 'totals'>) {
  return (
    <ul className={styles.line}>
      {totals.map(({ currency, digits, figures }) => (
        <li key={currency}>
          <strong>{currency}</strong>
          {figures.map(({ label, amount }) => (
            <span key={label}>
              {label} <Sum amount={amount} digits={digits} />
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Table({ title, totals }: Pick<ListSummary, 'totals'> & { title: string }) {
  const { t } = useTranslation();
  const digitsMax = Math.max(0, ...totals.map(({ digits }) => digits));
  return (
    <table className={styles.table} aria-label={t('summary.totals')}>
      <thead>
        <tr>
          <th scope="col">{t('summary.currency')}</th>
          <th scope="col">{title}</th>
          {totals[0]?.figures.map(({ label }) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {totals.map(({ currency, digits, rows, figures }) => (
          <tr key={currency}>
            <th scope="row">{currency}</th>
            <td>{formatCount(rows)}</td>
            {figures.map(({ label, amount }) => (
              <td key={label}>
                <Sum amount={amount} digits={digits} alignTo={digitsMax} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sum({ amount, digits, alignTo }: { amount: ListSummary['totals'][number]['figures'][number]['amount']; digits: number; alignTo?: number }) {
  const { t } = useTranslation();
  return amount === null ? t('summary.tooLarge') : <Amount amount={amount} digits={digits} alignTo={alignTo} />;
}
