// Owns what can be done to many customers at once, and what has to be told for it. Does not own doing it (grid/bulk_dialog.tsx).
import type { TFunction } from 'i18next';
import type { CustomerClass, CustomerRow, Permission } from '../api/types';
import type { BulkAction, BulkQuestion, ListDefinition } from '../grid/definition';
import type { English } from '../language/english';
import { formatCount } from '../language/locale';

/** What the role may do to many customers at once. */
export function customerActions(t: TFunction, may: (permission: Permission) => boolean, classes: CustomerClass[]): ListDefinition<CustomerRow>['bulk'] {
  const title = (code: keyof English['customers']['bulk']) => (count: number) =>
    t(`customers.bulkTitle.${code}`, { count, formatted: formatCount(count) });
  const action = (code: keyof English['customers']['bulk'], more: Partial<BulkAction> = {}): BulkAction => ({
    code,
    label: t(`customers.bulk.${code}`),
    title: title(code),
    ...more,
  });
  const comment: BulkQuestion = { name: 'comment', label: t('customers.blockComment'), takes: 'text' };
  const until: BulkQuestion = { name: 'until', label: t('customers.liftUntil'), takes: 'day', isRequired: true };
  const newClass: BulkQuestion = {
    name: 'class_id',
    label: t('customers.newClass'),
    takes: 'one',
    isRequired: true,
    options: classes.map(({ id, name }) => ({ value: String(id), label: name })),
  };
  return {
    path: '/customers/bulk',
    actions: [
      ...(may('customer.block') ? [action('block', { questions: [comment] }), action('unblock')] : []),
      ...(may('customer.lift_suspension') ? [action('lift_suspension', { questions: [until] })] : []),
      ...(may('customer.update') ? [action('change_class', { questions: [newClass] })] : []),
    ],
    delete: may('customer.delete') ? action('delete', { isDestructive: true }) : undefined,
  };
}
