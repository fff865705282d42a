// Owns the drawer that tells about one customer without leaving the list. Does not own changing a customer.
import { Button, Drawer } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api/failure';
import type { Customer, Permits } from '../api/types';
import { useReturnFocus } from '../app/return_focus';
import type { english } from '../language/english';
import { MomentText } from '../language/moment';
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
    <div role="alert" className={styles.failed}>
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
        <Fact label={words('class')}>
          <bdi>{customer.class.name}</bdi>
        </Fact>
        {customer.reseller && (
          <Fact label={words('reseller')}>
            <bdi>{customer.reseller.name}</bdi>
          </Fact>
        )}
        <Fact label={words('timeZone')}>{customer.time_zone}</Fact>
        <Fact label={words('created')}>
          <MomentText moment={customer.created_at} zone={customer.time_zone} />
        </Fact>
      </Section>
      <ContactFacts address={customer.address} />
      <PermitFacts permits={customer.permits} />
    </>
  );
}

function ContactFacts({ address }: { address: Customer['address'] }) {
  const { t } = useTranslation();
  const words = (key: keyof typeof english.customers.details) => t(`customers.details.${key}`);
  const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' ');
  const person = joined(address.salutation, address.first_name, address.middle_name, address.last_name);
  const phones = [address.phone_1, address.phone_2].filter(Boolean);
  const lines = [
    address.address_line_1,
    address.address_line_2,
    joined(address.postal_code, address.city),
    joined(address.state, address.country),
  ].filter(Boolean);
  if (!address.company_name && person === '' && !address.email && phones.length === 0 && lines.length === 0) return null;
  return (
    <Section title={words('contact')}>
      {address.company_name && (
        <Fact label={words('company')}>
          <bdi>{address.company_name}</bdi>
        </Fact>
      )}
      {person !== '' && (
        <Fact label={words('person')}>
          <bdi>{person}</bdi>
        </Fact>
      )}
      {address.email && (
        <Fact label={words('email')}>
          <bdi>{address.email}</bdi>
        </Fact>
      )}
      {phones.length > 0 && (
        <Fact label={words('phone')}>
          {phones.map((phone) => (
            <div key={phone}>
              <bdi dir="ltr">{phone}</bdi>
            </div>
          ))}
        </Fact>
      )}
      {lines.length > 0 && (
        <Fact label={words('address')}>
          {lines.map((line) => (
            <div key={line}>
              <bdi>{line}</bdi>
            </div>
          ))}
        </Fact>
      )}
    </Section>
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
            <Sentence text={condition.reason} />
            {isShown && status.next && <Sentence text={status.next.sentence} />}
            {condition.since && (
              <p className={styles.quiet}>
                {t('status.since')} <MomentText moment={condition.since} zone={customer.time_zone} />
              </p>
            )}
          </div>
        );
      })}
    </>
  );
}

/** The server's words, which may run the other way than the page. */
function Sentence({ text }: { text: string }) {
  return (
    <p className={styles.sentence}>
      <bdi>{text}</bdi>
    </p>
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
