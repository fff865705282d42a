// Owns the status as a column and as a filter of any list that has one. Does not own the list.
import type { TFunction } from 'i18next';
import type { Status, StatusInfo } from '../api/types';
import type { GridFilter, TextColumn } from '../grid/definition';
import { StatusBadge } from './badge';
import { StatusIcon } from './icon';

export function statusColumn<Row extends { status: Status }>(t: TFunction): TextColumn<Row> {
  return {
    id: 'status',
    header: t('status.column'),
    width: 104,
    sortable: true,
    kind: 'text',
    cell: ({ status }, { tabIndex }) => <StatusBadge status={status} tabIndex={tabIndex} />,
  };
}

export function statusFilter(t: TFunction, statuses: StatusInfo[]): GridFilter {
  return {
    name: 'status',
    label: t('status.column'),
    takes: 'several',
    options: statuses.map(({ code, label, icon, tone }) => ({
      value: code,
      label,
      icon: <StatusIcon icon={icon} tone={tone} />,
    })),
  };
}
