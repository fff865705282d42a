// Owns the rows shown before there are rows: as many and as high as those to come, so that nothing jumps. Does not own
// when they are shown.
import { isFigure, type GridColumn } from './definition';
import styles from './table.module.css';

/** More than fit on any screen would only be drawn in vain. */
const ROWS_MAX = 50;

interface GridSkeletonProps<Row> {
  rows: number;
  columns: GridColumn<Row>[];
  isNarrow: boolean;
  hasBoxes: boolean;
  hasMenu: boolean;
}

export function GridSkeleton<Row>({ rows, columns, isNarrow, hasBoxes, hasMenu }: GridSkeletonProps<Row>) {
  return (
    <tbody aria-hidden="true">
      {Array.from({ length: Math.min(rows, ROWS_MAX) }, (_, index) => (
        <tr key={index}>
          {hasBoxes && <td className={styles.selectCell} />}
          {isNarrow ? (
            <td>
              <div className={styles.line}>
                <span className={styles.bone} data-long />
              </div>
              <div className={styles.line} data-second>
                <span className={styles.bone} />
              </div>
            </td>
          ) : (
            columns.map((column) => (
              <td key={column.id} data-amount={isFigure(column) || undefined}>
                <span className={styles.bone} data-long={column.grows || undefined} />
              </td>
            ))
          )}
          {hasMenu && <td className={styles.moreCell} />}
        </tr>
      ))}
    </tbody>
  );
}
