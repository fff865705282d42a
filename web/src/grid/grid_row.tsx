// Owns one row: its box, its link, its cells; wide as columns, narrow as two lines. Drawn again only when it changes, so
// that moving through 250 rows redraws two. Does not own what a list puts into a cell (definition.ts).
import type { TFunction } from 'i18next';
import { memo, type ReactNode } from 'react';
import { Icon } from '../app/icon';
import { formatCount } from '../language/locale';
import type { LiveRow } from '../live/live_rows';
import { Amount } from '../money/amount';
import { isFigure, type AmountColumn, type GridColumn, type ListDefinition } from './definition';
import styles from './table.module.css';

interface RowProps<Row> {
  /** Handed down: to ask for it anew in each of 250 rows takes longer than to draw them. */
  t: TFunction;
  row: Row;
  /** What has become of it since it was loaded. */
  change: LiveRow<Row> | undefined;
  index: number;
  href: string;
  definition: ListDefinition<Row>;
  columns: GridColumn<Row>[];
  fractions: Record<string, number>;
  isCurrent: boolean;
  isSelected: boolean;
  toggle: (id: number, name: string) => void;
  setCurrent: (index: number) => void;
  open: (row: Row) => void;
  openMenu: (row: Row, button: HTMLElement) => void;
}

// `memo` forgets type parameters; the cast gives them back.
export const GridRow = memo(WideRow) as typeof WideRow;
export const NarrowRow = memo(TwoLineRow) as typeof TwoLineRow;

function WideRow<Row>(props: RowProps<Row>) {
  const { columns, row, change } = props;
  return (
    <RowFrame {...props}>
      {columns.map((column) => (
        <td
          key={column.id}
          data-amount={isFigure(column) || undefined}
          data-name={column.kind === 'name' || undefined}
          data-changed={changeOf(change, column.id)}
        >
          <Cell {...props} column={column} row={row} />
        </td>
      ))}
    </RowFrame>
  );
}

function TwoLineRow<Row>(props: RowProps<Row>) {
  const { definition, row, change, isCurrent } = props;
  const context = { tabIndex: isCurrent ? 0 : -1 } as const;
  return (
    <RowFrame {...props}>
      <td data-changed={changeOf(change)}>
        <div className={styles.line}>
          <RowLink {...props} />
          {definition.narrow.first(row, context)}
        </div>
        <div className={styles.line} data-second>
          <span>{definition.narrow.second(row)}</span>
          <span>{definition.narrow.amount(row)}</span>
        </div>
      </td>
    </RowFrame>
  );
}

/** Another word for each change, so that the next one begins to glow anew. */
function changeOf<Row>(change: LiveRow<Row> | undefined, column?: string): 'odd' | 'even' | undefined {
  if (!change || (column === undefined ? change.changed.size === 0 : !change.changed.has(column))) return undefined;
  return change.revision % 2 === 1 ? 'odd' : 'even';
}

function stateOf<Row>(change: LiveRow<Row> | undefined): 'gone' | 'elsewhere' | undefined {
  return change?.isGone ? 'gone' : change?.isElsewhere ? 'elsewhere' : undefined;
}

function RowFrame<Row>(props: RowProps<Row> & { children: ReactNode }) {
  const { t, definition, row, change, index, isCurrent, isSelected, toggle, setCurrent, children } = props;
  const state = stateOf(change);
  return (
    <tr
      data-current={isCurrent || undefined}
      data-selected={isSelected || undefined}
      data-state={state}
      title={state && t(`live.row.${state}`)}
      onFocus={() => setCurrent(index)}
    >
      {definition.bulk && (
        <td className={styles.selectCell}>
          <label className={styles.boxTarget}>
            <input
              type="checkbox"
              checked={isSelected}
              tabIndex={isCurrent ? 0 : -1}
              aria-label={t('grid.selectRow', { name: definition.rowName(row) })}
              onChange={() => toggle(definition.rowId(row), definition.rowName(row))}
            />
          </label>
        </td>
      )}
      {children}
      {definition.rowMenu && (
        <td className={styles.moreCell}>
          <button
            type="button"
            className={styles.more}
            aria-haspopup="menu"
            aria-label={t('grid.moreOf', { name: definition.rowName(row) })}
            tabIndex={isCurrent ? 0 : -1}
            onClick={(event) => props.openMenu(row, event.currentTarget)}
          >
            <Icon name="more" />
          </button>
        </td>
      )}
    </tr>
  );
}

function Cell<Row>(props: RowProps<Row> & { column: GridColumn<Row> }) {
  const { column, row, fractions, isCurrent } = props;
  if (column.kind === 'amount') return <AmountCell column={column} row={row} alignTo={fractions[column.id]} />;
  if (column.kind === 'count') return formatCount(column.count(row));
  if (column.kind === 'name') return <RowLink {...props} />;
  return column.cell(row, { tabIndex: isCurrent ? 0 : -1 });
}

function AmountCell<Row>({ column, row, alignTo }: { column: AmountColumn<Row>; row: Row; alignTo?: number }) {
  const amount = column.amount(row);
  if (amount === null) return <span className="for-screen-readers">{column.absence(row)}</span>;
  return <Amount amount={amount} digits={column.digits(row)} alignTo={alignTo} />;
}

function RowLink<Row>({ t, definition, row, change, href, isCurrent, open }: RowProps<Row>) {
  const name = definition.rowName(row);
  const state = stateOf(change);
  const link = (
    <a
      href={href}
      className={styles.rowLink}
      title={name}
      // A name runs in its own direction, and is cut at its own end.
      dir="auto"
      tabIndex={isCurrent ? 0 : -1}
      onClick={(event) => {
        // With a key held it is the browser's: a new tab, a new window, a download.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        open(row);
      }}
    >
      {name}
    </a>
  );
  return (
    <>
      {link}
      {state && <span className="for-screen-readers">{t(`live.row.${state}`)}</span>}
    </>
  );
}
