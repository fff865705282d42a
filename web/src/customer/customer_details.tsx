// Owns the drawer that tells about one customer without leaving the list. Does not own changing a customer.
import { Button, Drawer } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api/failure';
import type { Customer, Permits } from '../api/types';
import { useReturnFocus } from '../app/return_focus';
import type { english } from '../language/english';
import { formatMoment } from '../language/locale';
import { Amount } from '../money/amount';
import { StatusIcon } from '../status/icon';
import { useStatuses } from '../status/statuses';
import { useCustomer } from './customer';
import styles from './customer.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';

export default function CustomerDetails({ id, close }: { id: number; close: () => void }) {
  const { t } = useTranslation();
  const { data: customer, error, isFetching, refetch } = useCustomer(id);
  useReturnFocus();
  return (
    <Drawer
      opened
      onClose={close}
      // At the end of the line: on the left where the page runs from right to left.
      position={document.documentElement.dir === 'rtl' ? 'left' : 'right'}
      size="28rem"
      // The list stays readable beside it.
      overlayProps={{ backgroundOpacity: 0.25 }}
      title={<bdi>{customer?.name ?? t('grid.details')}</bdi>}
      closeButtonProps={{ 'aria-label': t('grid.close') }}
      classNames={{ title: styles.title, body: styles.body }}
      aria-busy={isFetching}
    >
      {customer && <Facts customer={customer} />}
      {!customer && error && <Failed error={error} retry={() => void refetch()} />}
      {!customer && !error && <p className={styles.quiet}>{t('grid.loading')}</p>}
    </Drawer>
  );
}

function Failed({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useTranslation();
  const failure = failureOf(error, t);
  return (
    <div role="alert">
      <p>
        {failure.title}. {failure.detail}
      </p>
      <Button onClick={retry}>{t('failure.retry')}</Button>
    </div>
  );
}

function Facts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const words = (key: keyof typeof english.customers.details) =>
    t(`customers.details.${key}`);
  const money = (amount: string) => (
    <>
      <Amount amount={amount} digits={customer.currency_digits} /> {customer.currency}
    </>
  );
  return (
    <>
      <StatusFacts customer={customer} />
      <Section title={words('billing')}>
        <Fact label={t('customers.columns.balance_control')}>{t(`customers.${customer.balance_control}`)}</Fact>
        {customer.balance !== null && <Fact label={t('customers.columns.balance')}>{money(customer.balance)}</Fact>}
        {customer.balance_control === 'postpaid' && (
          <Fact label={t('customers.columns.credit_limit')}>
            {customer.credit_limit === null ? t('customers.unlimited') : money(customer.credit_limit)}
          </Fact>
        )}
        {customer.available_funds !== null && (
          <Fact label={t('customers.columns.available_funds')}>{money(customer.available_funds)}</Fact>
        )}
        <Fact label={words('class')}>{customer.class.name}</Fact>
        {customer.reseller && <Fact label={words('reseller')}>{customer.reseller.name}</Fact>}
        <Fact label={words('timeZone')}>{customer.time_zone}</Fact>
        <Fact label={words('created')}>{formatMoment(customer.created_at)}</Fact>
      </Section>
      {(customer.company_name ?? customer.email ?? customer.phone) !== null && (
        <Section title={words('contact')}>
          {customer.company_name && <Fact label={words('company')}>{customer.company_name}</Fact>}
          {customer.email && <Fact label={words('email')}>{customer.email}</Fact>}
          {customer.phone && (
            <Fact label={words('phone')}>
              <bdi dir="ltr">{customer.phone}</bdi>
            </Fact>
          )}
        </Section>
      )}
      <PermitFacts permits={customer.permits} />
    </>
  );
}

/** Every condition that holds, not only the one whose icon is shown: they explain what is permitted below. */
function StatusFacts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { byCode } = useStatuses();
  const { status, conditions } = customer;
  if (status.code === 'active' && conditions.length === 0) return <p className={styles.status}>{status.label}</p>;
  return (
    <>
      {conditions.map((condition) => {
        const info = byCode[condition.code];
        const isShown = condition.code === status.code;
        return (
          <div key={condition.code} className={styles.condition}>
            <p className={styles.status}>
              {info && <StatusIcon icon={info.icon} tone={info.tone} />}
              {condition.label}
            </p>
            {condition.reason && <p className={styles.sentence}>{condition.reason}</p>}
            {isShown && status.next && <p className={styles.sentence}>{status.next.sentence}</p>}
            {condition.since && (
              <p className={styles.quiet}>
                {t('status.since')} {formatMoment(condition.since)}
              </p>
            )}
          </div>
        );
      })}
    </>
  );
}

function PermitFacts({ permits }: { permits: Permits }) {
  const { t } = useTranslation();
  const permit = (value: Exclude<Permits[keyof Permits], boolean> | boolean) =>
    t(`customers.permit.${value === true ? 'yes' : value === false ? 'no' : value}`);
  const rows = [
    ['callsOut', permits.calls_out],
    ['callsIn', permits.calls_in],
    ['emergency', permits.emergency],
    ['data', permits.data],
    ['messages', permits.messages],
    ['selfCare', permits.self_care],
    ['usageCharges', permits.usage_charges],
    ['subscriptionFees', permits.subscription_fees],
    ['didFees', permits.did_fees],
    ['periodClose', permits.period_close],
  ] as const;
  return (
    <Section title={t('customers.details.permits')}>
      {rows.map(([key, value]) => (
        <Fact key={key} label={t(`customers.details.${key}`)}>
          {permit(value)}
        </Fact>
      ))}
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className={styles.section}>{title}</h3>
      <dl className={styles.facts}>{children}</dl>
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Fragment>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </Fragment>
  );
}
