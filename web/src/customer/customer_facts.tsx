// Owns what a page tells of one customer: its figures, why it is restricted, whom to reach, what it has not paid. Does not own what is
// permitted (permit_facts.tsx), nor changing any of it (customer_page.tsx).
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../api/types';
import type { English } from '../language/english';
import { formatDay } from '../language/locale';
import { MomentText } from '../language/moment';
import { Amount } from '../money/amount';
import { Fact, Facts, Section, SmallTable } from '../page/page';
import page from '../page/page.module.css';
import { StatusIcon } from '../status/icon';
import { useStatuses } from '../status/statuses';
import { reasonText } from '../status/wording';
import styles from './customer.module.css';

export function useMoney({ currency, currency_digits: digits }: Pick<Customer, 'currency' | 'currency_digits'>) {
  return (amount: string) => (
    <>
      <Amount amount={amount} digits={digits} /> {currency}
    </>
  );
}

/** What one looks for first: the money, and what decides about it. */
export function CustomerFigures({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const money = useMoney(customer);
  return (
    <dl className={page.figures}>
      {customer.balance !== null && <Figure label={t('customers.columns.balance')}>{money(customer.balance)}</Figure>}
      {customer.balance_control === 'postpaid' && (
        <Figure label={t('customers.columns.credit_limit')}>
          {customer.credit_limit === null ? t('customers.unlimited') : money(customer.credit_limit)}
        </Figure>
      )}
      {customer.available_funds !== null && (
        <Figure label={t('customers.columns.available_funds')}>{money(customer.available_funds)}</Figure>
      )}
      <Figure label={t('customers.columns.balance_control')}>{t(`customers.${customer.balance_control}`)}</Figure>
      <Figure label={t('customers.details.class')}>
        <Link to="/classes/$id" params={{ id: String(customer.class.id) }}>
          <bdi>{customer.class.name}</bdi>
        </Link>
      </Figure>
      {customer.reseller && (
        <Figure label={t('customers.details.reseller')}>
          <Link to="/customers/$id" params={{ id: String(customer.reseller.id) }}>
            <bdi>{customer.reseller.name}</bdi>
          </Link>
        </Figure>
      )}
    </dl>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={page.figure}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function ContactFacts({ address }: { address: Customer['address'] }) {
  const { t } = useTranslation();
  const words = (key: keyof English['customers']['details']) => t(`customers.details.${key}`);
  const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' ');
  const lines = [
    address.address_line_1,
    address.address_line_2,
    joined(address.postal_code, address.city),
    joined(address.state, address.country),
  ];
  const rows: [label: string, values: (string | null | undefined)[], direction?: 'ltr'][] = [
    [words('company'), [address.company_name]],
    [words('person'), [joined(address.salutation, address.first_name, address.middle_name, address.last_name)]],
    [t('customerPage.fields.contact'), [address.contact]],
    [words('email'), [address.email], 'ltr'],
    [t('customerPage.fields.bcc'), [address.bcc], 'ltr'],
    [words('phone'), [address.phone_1, address.phone_2], 'ltr'],
    [t('customerPage.fields.fax'), [address.fax], 'ltr'],
    [words('address'), lines],
    [t('customerPage.fields.tax_id'), [address.tax_id], 'ltr'],
  ];
  const known = rows
    .map(([label, values, direction]) => ({ label, direction, values: values.filter((value) => Boolean(value)) }))
    .filter(({ values }) => values.length > 0);
  if (known.length === 0) return <p className={page.quiet}>{t('customerPage.noContact')}</p>;
  return (
    <Facts>
      {known.map(({ label, values, direction }) => (
        <Fact key={label} label={label}>
          {values.map((value) => (
            <div key={value}>
              <bdi dir={direction}>{value}</bdi>
            </div>
          ))}
        </Fact>
      ))}
    </Facts>
  );
}

export function BillingFacts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const money = useMoney(customer);
  const { permanent_credit_limit: limit, temporary_credit_limit: temporary } = customer;
  const isPostpaid = customer.balance_control === 'postpaid';
  return (
    <Facts>
      <Fact label={t('customerPage.fields.class_id')}>
        <bdi>{customer.class.name}</bdi>
      </Fact>
      <Fact label={t('customerPage.fields.credit_limit')}>
        {limit === null ? t(isPostpaid ? 'customers.unlimited' : 'customerPage.noLimit') : money(limit)}
      </Fact>
      {temporary && (
        <Fact label={t('customerPage.fields.temporary_limit')}>
          {money(temporary.amount)} {t('customerPage.until')}{' '}
          <MomentText moment={temporary.until} zone={customer.time_zone} />
        </Fact>
      )}
      <Fact label={t('customers.columns.currency')}>{customer.currency}</Fact>
      <Fact label={t('customerPage.fields.billing_period')}>{t(`customerPage.period.${customer.billing_period}`)}</Fact>
      <Fact label={t('customerPage.fields.time_zone')}>{customer.time_zone}</Fact>
      {!isPostpaid && (
        <Fact label={t('customerPage.fields.suspend_on_insufficient_funds')}>
          {t(`customerPage.shortFunds.${String(customer.suspend_on_insufficient_funds) as 'true' | 'false' | 'null'}`)}
        </Fact>
      )}
      <Fact label={t('customerPage.fields.opening_balance')}>{money(customer.opening_balance)}</Fact>
      <Fact label={t('customerPage.unallocated')}>{money(customer.unallocated_payments)}</Fact>
      {customer.reference && (
        <Fact label={t('customerPage.fields.reference')}>
          <bdi>{customer.reference}</bdi>
        </Fact>
      )}
      {customer.login && (
        <Fact label={t('customerPage.fields.login')}>
          <bdi>{customer.login}</bdi>
        </Fact>
      )}
      <Fact label={t('customers.details.created')}>
        <MomentText moment={customer.created_at} zone={customer.time_zone} />
      </Fact>
    </Facts>
  );
}

/** Every condition that holds, not only the one whose icon is shown: they explain what is permitted. */
export function StatusFacts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { byCode } = useStatuses();
  const { status, conditions } = customer;
  const { next } = status;
  if (conditions.length === 0) return null;
  return (
    <div role="group" aria-label={t('customerPage.restricts')} className={styles.conditions}>
      {conditions.map((condition) => {
        const info = byCode[condition.code];
        return (
          <div key={condition.code} className={styles.condition} data-tone={info?.tone}>
            <p className={styles.status}>
              {info && <StatusIcon icon={info.icon} tone={info.tone} />}
              {info?.label ?? condition.label}
            </p>
            <Sentence text={reasonText(condition.reason_code, condition.reason_values, condition.reason)} />
            {condition.code === status.code && next && (
              <Sentence text={reasonText(next.reason_code, next.reason_values, next.sentence)} />
            )}
            {condition.since && (
              <p className={page.quiet}>
                {t('status.since')} <MomentText moment={condition.since} zone={customer.time_zone} />
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** Where the words are the server's they may run the other way than the page. */
function Sentence({ text }: { text: string | null }) {
  return (
    <p className={styles.sentence}>
      <bdi>{text}</bdi>
    </p>
  );
}

export function OpenInvoices({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const money = useMoney(customer);
  if (customer.open_invoices.length === 0) return null;
  return (
    <Section title={t('customerPage.invoices')}>
      <SmallTable label={t('customerPage.invoices')}>
          <thead>
            <tr>
              <th scope="col">{t('customerPage.invoice.number')}</th>
              <th scope="col">{t('customerPage.invoice.due')}</th>
              <th scope="col" data-amount>
                {t('customerPage.invoice.total')}
              </th>
              <th scope="col" data-amount>
                {t('customerPage.invoice.outstanding')}
              </th>
            </tr>
          </thead>
          <tbody>
            {customer.open_invoices.map((invoice) => (
              <tr key={invoice.id}>
                <td>{invoice.number}</td>
                <td>
                  <time dateTime={invoice.due_on}>{formatDay(invoice.due_on)}</time>
                </td>
                <td data-amount>{money(invoice.total)}</td>
                <td data-amount>{money(invoice.outstanding)}</td>
              </tr>
            ))}
          </tbody>
        </SmallTable>
    </Section>
  );
}
