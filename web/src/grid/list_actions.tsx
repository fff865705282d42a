// Owns the toolbar of a list: add, delete, bulk actions, export; how many rows are ticked, and ticking all that match.
// Does not own the dialog (bulk_dialog.tsx) nor the file (export_file.tsx).
import { Button } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../app/icon';
import { useCommands } from '../app/commands';
import { lazySoon } from '../app/lazy_soon';
import { MenuButton } from '../app/menu';
import { showNotice } from '../app/notices';
import { formatCount } from '../language/locale';
import type { BulkAction, GridColumn, ListDefinition } from './definition';
import { ExportMenu } from './export_file';
import { totalText } from './paging_text';
import type { Selection } from './selection';
import type { List } from './use_list';
import shared from './grid.module.css';
import styles from './tools.module.css';

const BulkDialog = lazySoon(() => import('./bulk_dialog'));

interface ListActionsProps<Row> {
  definition: ListDefinition<Row>;
  list: List<Row>;
  columns: GridColumn<Row>[];
  selection: Selection;
}

export function ListActions<Row>({ definition, list, columns, selection }: ListActionsProps<Row>) {
  const { t } = useTranslation();
  const { history } = useRouter();
  const [action, setAction] = useState<BulkAction | null>(null);
  const { add, bulk } = definition;
  const isAny = selection.isAllMatching || selection.names.size > 0;
  useCommands(add ? [{ label: add.label, run: () => history.push(add.href, { from: history.location.href }) }] : []);
  const begin = (wanted: BulkAction) => {
    if (isAny) setAction(wanted);
    else showNotice(t('grid.selectFirst'));
  };
  if (!add && !bulk && !definition.export) return null;
  return (
    <div role="toolbar" aria-label={t('grid.actions')} className={styles.actions}>
      {add && (
        <Button
          component="a"
          href={add.href}
          size="xs"
          className={styles.add}
          leftSection={<Icon name="add" />}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            history.push(add.href, { from: history.location.href });
          }}
        >
          {add.label}
        </Button>
      )}
      {bulk?.delete && (
        <button type="button" className={styles.tool} aria-disabled={!isAny} onClick={() => bulk.delete && begin(bulk.delete)}>
          <Icon name="delete" />
          <span className={styles.toolText}>{bulk.delete.label}</span>
        </button>
      )}
      {bulk && bulk.actions.length > 0 && (
        <MenuButton
          label={t('grid.bulk')}
          className={styles.tool}
          items={bulk.actions.map((one) => ({ label: one.label, run: () => begin(one) }))}
        />
      )}
      {definition.export && <ExportMenu path={definition.export.path} definition={definition} list={list} columns={columns} />}
      {isAny && <Selected list={list} selection={selection} />}
      {bulk && action && (
        <Suspense>
          <BulkDialog
            path={bulk.path}
            action={action}
            always={definition.always}
            view={list.view}
            picked={selection}
            close={() => setAction(null)}
            clear={selection.clear}
          />
        </Suspense>
      )}
    </div>
  );
}

function Selected<Row>({ list, selection }: { list: List<Row>; selection: Selection }) {
  const { t } = useTranslation();
  const { page } = list;
  const total = totalText(page?.total ?? null, t, formatCount);
  const { size } = selection.names;
  const hasMore = page !== null && page.total !== null && (!page.total.exact || page.total.count > size);
  const isPage = page?.items.length !== 0 && size >= (page?.items.length ?? 0);
  return (
    <span className={styles.selected}>
      <span role="status">
        {selection.isAllMatching
          ? t('grid.selectedAll', { total: total ?? '' })
          : t('grid.selected', { count: size, formatted: formatCount(size) })}
      </span>
      {!selection.isAllMatching && isPage && hasMore && total !== null && (
        <button type="button" className={shared.linkButton} onClick={selection.takeAllMatching}>
          {t('grid.selectMatching', { total })}
        </button>
      )}
      <button type="button" className={shared.linkButton} onClick={selection.clear}>
        {t('grid.clearSelection')}
      </button>
    </span>
  );
}
