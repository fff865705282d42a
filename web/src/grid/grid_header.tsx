// Owns the head of the table: the box that ticks a page of rows; of each column the button that sorts, moves and widens it.
// Does not own sorting, nor where columns are kept; the pointer's way of moving is column_drag.ts.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import { formatCount } from '../language/locale';
import { useColumnDrag, useColumnResize } from './column_drag';
import { isFigure, type GridColumn } from './definition';
import type { HeaderControl } from './grid_table';
import { withinLimits } from './layout';
import type { PageSelection } from './selection';
import styles from './table.module.css';

/** One press of a key. */
const WIDTH_STEP = 16;

interface GridHeaderProps<Row> extends HeaderControl {
  title: string;
  /** Boxes to tick: where something can be done with what is ticked. */
  hasBoxes: boolean;
  hasMenu: boolean;
  columns: GridColumn<Row>[];
  isNarrow: boolean;
  hintId: string;
  /** To those who do not see where the column goes. */
  say: (text: string) => void;
}

export function GridHeader<Row>(props: GridHeaderProps<Row>) {
  const { title, isNarrow, hasBoxes, hasMenu, pageSelection } = props;
  const { t } = useTranslation();
  // Two lines a row have no headers; there is only the box to be ticked.
  if (isNarrow && !hasBoxes) return null;
  return (
    <thead>
      <tr>
        {hasBoxes && (
          <th scope="col" className={styles.selectCell}>
            <SelectAll {...pageSelection} />
          </th>
        )}
        {isNarrow ? (
          <th scope="col">
            <span className="for-screen-readers">{title}</span>
            <span aria-hidden="true">{t('grid.selectAll')}</span>
          </th>
        ) : (
          <Headers {...props} />
        )}
        {hasMenu && (
          <th scope="col" className={styles.moreCell}>
            <span className="for-screen-readers">{t('grid.more')}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

function Headers<Row>(props: GridHeaderProps<Row>) {
  const { columns, preview, drop, setWidth, say } = props;
  const { t } = useTranslation();
  const [lifted, setLifted] = useState<string | null>(null);
  const words = (id: string, place: number) => ({
    column: columns.find((column) => column.id === id)?.header ?? id,
    place: formatCount(place + 1),
    last: formatCount(columns.length),
  });
  const placeOf = (id: string) => columns.findIndex((column) => column.id === id);
  const control = {
    lift: (id: string) => {
      setLifted(id);
      say(t('grid.columnLifted', words(id, placeOf(id))));
    },
    moveTo: (id: string, place: number) => {
      if (place === placeOf(id) || place < 0 || place >= columns.length) return;
      preview(id, place);
      say(t('grid.columnAt', words(id, place)));
    },
    drop: (id: string) => {
      setLifted(null);
      drop();
      say(t('grid.columnDropped', words(id, placeOf(id))));
    },
    putBack: (id: string) => {
      setLifted(null);
      preview(id, null);
      say(t('grid.columnPutBack', words(id, 0)));
    },
  };
  const { onPointerDown, isClick } = useColumnDrag(control);
  const resize = useColumnResize(setWidth);
  return columns.map((column, index) => (
    <ColumnHeader
      key={column.id}
      {...props}
      column={column}
      place={index}
      isLifted={column.id === lifted}
      control={control}
      onPointerDown={onPointerDown}
      isClick={isClick}
      resize={resize}
    />
  ));
}

interface ColumnHeaderProps<Row> extends GridHeaderProps<Row> {
  column: GridColumn<Row>;
  place: number;
  isLifted: boolean;
  control: Parameters<typeof useColumnDrag>[0];
  onPointerDown: ReturnType<typeof useColumnDrag>['onPointerDown'];
  isClick: () => boolean;
  resize: ReturnType<typeof useColumnResize>;
}

function ColumnHeader<Row>(props: ColumnHeaderProps<Row>) {
  const { column, place, isLifted, control, sort, sortBy, hintId } = props;
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const onKeyDown = useHeaderKeys(props);
  useEffect(() => {
    // A header that changes its place in the page loses the focus on the way.
    if (isLifted) button.current?.focus();
  }, [isLifted, place]);

  const { id, header } = column;
  // An order that cannot be chosen is not told as one.
  const sortPlace = column.sortable ? sort.findIndex((one) => one.column === id) : -1;
  const own = sort[sortPlace];
  const order = own && sort.length > 1 ? formatCount(sortPlace + 1) : null;
  return (
    <th
      scope="col"
      data-column={id}
      data-amount={isFigure(column) || undefined}
      data-lifted={isLifted || undefined}
      // Of several, the one that leads: more than one at a time is not for this attribute to say.
      aria-sort={sortPlace !== 0 ? undefined : own?.descending ? 'descending' : 'ascending'}
    >
      <button
        ref={button}
        type="button"
        className={styles.sort}
        data-sorted={own !== undefined || undefined}
        aria-describedby={hintId}
        aria-description={order === null ? undefined : t('grid.sortPlace', { place: order })}
        onPointerDown={(event) => props.onPointerDown(event, id)}
        onKeyDown={onKeyDown}
        onKeyUp={(event) => {
          // Space lifts; it does not press.
          if (event.key === ' ') event.preventDefault();
        }}
        onBlur={(event) => {
          if (isLifted && event.relatedTarget !== null) control.drop(id);
        }}
        onClick={(event) => {
          if (props.isClick() && column.sortable) sortBy(id, event.shiftKey);
        }}
      >
        <span className={styles.sortText}>{header}</span>
        {column.sortable && <Icon name={own?.descending ? 'descending' : 'ascending'} />}
        {order !== null && (
          <span aria-hidden="true" className={styles.sortPlace}>
            {order}
          </span>
        )}
      </button>
      <span aria-hidden="true" className={styles.edge} onPointerDown={(event) => props.resize(event, id, place)} />
    </th>
  );
}

/** Space lifts and drops, arrows move what is lifted, Escape puts it back; with Shift, arrows change the width. */
function useHeaderKeys<Row>({ column, place, isLifted, control, setWidth, say }: ColumnHeaderProps<Row>) {
  const { t } = useTranslation();
  const { id, header } = column;
  return (event: KeyboardEvent<HTMLElement>) => {
    const step = stepOf(event);
    if (event.key === ' ') {
      if (isLifted) control.drop(id);
      else control.lift(id);
    } else if (isLifted && event.key === 'Escape') {
      control.putBack(id);
    } else if (isLifted && step !== 0) {
      control.moveTo(id, place + step);
    } else if (event.shiftKey && step !== 0) {
      const width = withinLimits((event.currentTarget.closest('th')?.offsetWidth ?? 0) + step * WIDTH_STEP);
      setWidth(id, width);
      say(t('grid.columnWidth', { column: header, width: formatCount(width) }));
    } else return;
    event.preventDefault();
  };
}

/** In reading direction. */
function stepOf({ key, currentTarget }: KeyboardEvent<HTMLElement>): -1 | 0 | 1 {
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return 0;
  return (key === 'ArrowRight') === (getComputedStyle(currentTarget).direction !== 'rtl') ? 1 : -1;
}

function SelectAll({ isAll, isSome, toggle }: PageSelection) {
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
