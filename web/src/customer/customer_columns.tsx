// Owns the columns of the customer list. Does not own the list (customer_list.tsx) nor how a cell is drawn (grid/).
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import type { CustomerRow } from '../api/types';
import type { AmountColumn, GridColumn, TextColumn } from '../grid/definition';
import type { English } from '../language/english';
import { formatDayOfMoment, formatMoment } from '../language/locale';
import { Amount } from '../money/amount';
import { statusColumn } from '../status/status_column';

export function customerColumns(t: TFunction): GridColumn<CustomerRow>[] {
  const column = (id: keyof English['customers']['columns'], width: number) => ({
    id,
    header: t(`customers.columns.${id}`),
    width,
    sortable: true,
  });
  const money = (
    id: 'balance' | 'credit_limit' | 'available_funds',
    width: number,
    absence: (customer: CustomerRow) => string,
  ): AmountColumn<CustomerRow> => ({
    ...column(id, width),
    kind: 'amount',
    amount: (customer) => customer[id],
    digits: (customer) => customer.currency_digits,
    absence,
  });
  const hidden = (id: string, header: string, width: number) => ({ id, header, width, sortable: true, isHiddenAtFirst: true });
  const text = (
    id: 'company' | 'email' | 'phone' | 'class' | 'reseller' | 'created' | 'last_payment',
    width: number,
    cell: (customer: CustomerRow) => ReactNode,
  ): TextColumn<CustomerRow> => ({ ...hidden(id, t(`customers.details.${id}`), width), kind: 'text', cell });
  const named = (text: string | null) => text !== null && <bdi>{text}</bdi>;
  const notForPrepaid = t('customers.notForPrepaid');
  return [
    statusColumn(t, ({ id }) => id),
    { ...column('name', 320), kind: 'name', grows: true },
    {
      ...column('balance_control', 168),
      kind: 'text',
      cell: ({ balance_control }) => t(`customers.${balance_control}`),
    },
    { ...column('currency', 120), kind: 'text', cell: ({ currency }) => currency },
    money('balance', 144, () => notForPrepaid),
    money('credit_limit', 144, (customer) =>
      customer.balance_control === 'prepaid' ? notForPrepaid : t('customers.unlimited'),
    ),
    money('available_funds', 176, () => t('customers.notForPostpaid')),
    text('company', 200, ({ company_name }) => named(company_name)),
    text('email', 220, ({ email }) => email !== null && <bdi dir="ltr">{email}</bdi>),
    text('phone', 160, ({ phone }) => phone !== null && <bdi dir="ltr">{phone}</bdi>),
    text('class', 160, (customer) => named(customer.class.name)),
    text('reseller', 180, ({ reseller }) => named(reseller?.name ?? null)),
    {
      ...hidden('billing_period', t('customerPage.fields.billing_period'), 180),
      kind: 'text',
      cell: ({ billing_period }) => t(`customerPage.period.${billing_period}`),
    },
    text('created', 200, ({ created_at }) => formatMoment(created_at)),
    { ...hidden('accounts', t('customers.accounts'), 112), kind: 'count', count: ({ account_count }) => account_count },
    text('last_payment', 220, (customer) => <LastPayment customer={customer} />),
    {
      ...hidden('overdue', t('customers.details.overdue'), 144),
      kind: 'amount',
      amount: ({ overdue_amount }) => overdue_amount,
      digits: (customer) => customer.currency_digits,
      absence: () => '',
    },
  ];
}

/** The day, and what came in; the minute for those who ask. */
function LastPayment({ customer: { last_payment: payment, currency_digits: digits } }: { customer: CustomerRow }) {
  if (payment === null) return null;
  return (
    <>
      <bdi title={formatMoment(payment.at)}>{formatDayOfMoment(payment.at)}</bdi> · <Amount amount={payment.amount} digits={digits} />
    </>
  );
}
