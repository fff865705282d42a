// Owns the head of the table: the box that ticks a page of rows, the headers that sort. Does not own sorting itself.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import { isFigure, type ListDefinition } from './definition';
import type { ReactGridTable } from './grid_table';
import styles from './table.module.css';

interface GridHeaderProps<Row> {
  definition: ListDefinition<Row>;
  table: ReactGridTable<Row>;
  isNarrow: boolean;
}

export function GridHeader<Row>({ definition, table, isNarrow }: GridHeaderProps<Row>) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        <th scope="col" className={styles.selectCell}>
          <SelectAll
            isAll={table.getRowModel().rows.length > 0 && table.getIsAllPageRowsSelected()}
            isSome={table.getIsSomePageRowsSelected()}
            toggle={(isOn) => table.toggleAllPageRowsSelected(isOn)}
          />
        </th>
        {isNarrow ? (
          <th scope="col">
            <span className="for-screen-readers">{definition.title}</span>
            <span aria-hidden="true">{t('grid.selectAll')}</span>
          </th>
        ) : (
          table.getAllLeafColumns().map((column) => {
            const own = definition.columns.find((one) => one.id === column.id);
            const sorted = column.getIsSorted();
            return (
              <th
                key={column.id}
                scope="col"
                data-amount={(own && isFigure(own)) || undefined}
                aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
              >
                {column.getCanSort() ? (
                  <button
                    type="button"
                    className={styles.sort}
                    data-sorted={sorted || undefined}
                    onClick={() => column.toggleSorting()}
                  >
                    <span className={styles.sortText}>{own?.header}</span>
                    <Icon name={sorted === 'desc' ? 'descending' : 'ascending'} />
                  </button>
                ) : (
                  own?.header
                )}
              </th>
            );
          })
        )}
      </tr>
    </thead>
  );
}

interface SelectAllProps {
  isAll: boolean;
  isSome: boolean;
  toggle: (isOn: boolean) => void;
}

function SelectAll({ isAll, isSome, toggle }: SelectAllProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // There is no attribute for "some of them".
    if (box.current) box.current.indeterminate = isSome && !isAll;
  }, [isSome, isAll]);
  return (
    <label className={styles.boxTarget}>
      <input
        ref={box}
        type="checkbox"
        checked={isAll}
        aria-label={t('grid.selectAll')}
        onChange={(event) => toggle(event.currentTarget.checked)}
      />
    </label>
  );
}
