// Owns the page of one customer: what stands where, and which part is being changed. Does not own the parts.
import { useTranslation } from 'react-i18next';
import { useParams } from '@tanstack/react-router';
import type { Customer } from '../api/types';
import { PageFailed, PageSkeleton, RecordPage, Section } from '../page/page';
import page from '../page/page.module.css';
import { StatusBadge } from '../status/badge';
import { useCustomer } from './customer';
import { CustomerAccounts } from './customer_accounts';
import { BillingFacts, ContactFacts, CustomerFigures, OpenInvoices, PermitFacts, StatusFacts } from './customer_facts';
import styles from './customer.module.css';

export default function CustomerPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/customers/$id' });
  const { data: customer, error, isFetching, refetch } = useCustomer(Number(id));
  return (
    <RecordPage
      title={customer?.name ?? t('customerPage.title')}
      list={{ path: '/customers', label: t('customers.title') }}
      aside={customer?.conditions.length === 0 && <StatusBadge status={customer.status} withLabel />}
      isBusy={isFetching}
    >
      {customer && <Parts customer={customer} />}
      {!customer && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!customer && !error && <PageSkeleton />}
    </RecordPage>
  );
}

function Parts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  return (
    <>
      <StatusFacts customer={customer} />
      <CustomerFigures customer={customer} />
      <div className={page.columns}>
        <div className={page.column}>
          <Section title={t('customerPage.sections.contact')}>
            <ContactFacts address={customer.address} />
          </Section>
          <Section title={t('customerPage.sections.billing')}>
            <BillingFacts customer={customer} />
          </Section>
          <CustomerAccounts customer={customer} />
        </div>
        <div className={page.column}>
          <OpenInvoices customer={customer} />
          <Section title={t('customerPage.sections.notes')}>
            {customer.address.notes ? (
              <p className={styles.notes} dir="auto">
                {customer.address.notes}
              </p>
            ) : (
              <p className={page.quiet}>{t('customerPage.noNotes')}</p>
            )}
          </Section>
          <Section title={t('customers.details.permits')}>
            <PermitFacts permits={customer.permits} />
          </Section>
        </div>
      </div>
    </>
  );
}
