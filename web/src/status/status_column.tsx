// Owns the status as a column and as a filter of any list that has one. Does not own the list.
import type { TFunction } from 'i18next';
import type { Id, Status, StatusInfo } from '../api/types';
import type { GridFilter, TextColumn } from '../grid/definition';
import { StatusBadge } from './badge';
import { StatusIcon } from './icon';

/** `customerOf` where the card is to offer what ends the status. */
export function statusColumn<Row extends { status: Status }>(t: TFunction, customerOf?: (row: Row) => Id): TextColumn<Row> {
  return {
    id: 'status',
    header: t('status.column'),
    width: 104,
    sortable: true,
    kind: 'text',
    cell: (row, { tabIndex }) => <StatusBadge status={row.status} customerId={customerOf?.(row)} tabIndex={tabIndex} />,
  };
}

export function statusFilter(t: TFunction, statuses: StatusInfo[]): GridFilter {
  return {
    name: 'status',
    label: t('status.column'),
    takes: 'several',
    isQuick: true,
    options: statuses.map(({ code, label, icon, tone }) => ({
      value: code,
      label,
      icon: <StatusIcon icon={icon} tone={tone} />,
    })),
  };
}
