// Owns the page of one customer: what stands where, and which part is being changed. Does not own the parts.
import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../api/types';
import { StaleNotice } from '../live/live_notice';
import { PageFailed, PageSkeleton, RecordPage, Section } from '../page/page';
import page from '../page/page.module.css';
import { StatusBadge } from '../status/badge';
import { usePermissions } from '../session/session';
import { useCustomer } from './customer';
import { useRemember } from './recent';
import { CustomerAccounts } from './customer_accounts';
import { CustomerActions } from './customer_actions';
import type { EditablePart } from './customer_edit';
import { BillingFacts, ContactFacts, CustomerFigures, OpenInvoices, StatusFacts } from './customer_facts';
import { PermitFacts } from './permit_facts';
import { useLiveCustomer } from './use_live_customer';
import styles from './customer.module.css';

const CustomerEdit = lazy(() => import('./customer_edit'));

export default function CustomerPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/customers/$id' });
  const { data: customer, error, isFetching, refetch } = useCustomer(Number(id));
  const [isEdited, setEdited] = useState(false);
  const live = useLiveCustomer(Number(id), isEdited);
  return (
    <RecordPage
      title={customer?.name ?? t('customerPage.title')}
      list={{ path: '/customers', label: t('customers.title') }}
      aside={
        <>
          {customer?.conditions.length === 0 && <StatusBadge status={customer.status} withLabel />}
          {live.isGone && customer ? <p role="status">{t('live.deleted')}</p> : <StaleNotice {...live} />}
        </>
      }
      actions={customer && <CustomerActions key={customer.id} customer={customer} />}
      isBusy={isFetching}
    >
      {customer && <Parts key={customer.id} customer={customer} tellEdited={setEdited} />}
      {!customer && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!customer && !error && <PageSkeleton />}
    </RecordPage>
  );
}

function Parts({ customer, tellEdited }: { customer: Customer; tellEdited: (isEdited: boolean) => void }) {
  const { t } = useTranslation();
  useRemember(customer);
  const [edited, edit] = useState<EditablePart | null>(null);
  const isEdited = edited !== null;
  useEffect(() => tellEdited(isEdited), [tellEdited, isEdited]);
  const mayEdit = usePermissions()('customer.update') && customer.actions.includes('update');
  const editing = { customer, edited, edit: mayEdit ? edit : null };
  return (
    <>
      <StatusFacts customer={customer} />
      <CustomerFigures customer={customer} />
      <nav aria-label={t('customerPage.lists')} className={styles.lists}>
        <Link to="/accounts" search={{ customer_id: String(customer.id) }}>
          {t('customerPage.allAccounts')}
        </Link>
        <Link to="/xdrs" search={{ customer_id: String(customer.id) }}>
          {t('customerPage.allXdrs')}
        </Link>
      </nav>
      <div className={page.columns}>
        <div className={page.column}>
          <EditableSection {...editing} part="contact">
            <ContactFacts address={customer.address} />
          </EditableSection>
          <EditableSection {...editing} part="billing">
            <BillingFacts customer={customer} />
          </EditableSection>
          <CustomerAccounts customer={customer} />
        </div>
        <div className={page.column}>
          <OpenInvoices customer={customer} />
          <EditableSection {...editing} part="notes">
            {customer.address.notes ? (
              <p className={styles.notes} dir="auto">
                {customer.address.notes}
              </p>
            ) : (
              <p className={page.quiet}>{t('customerPage.noNotes')}</p>
            )}
          </EditableSection>
          <Section title={t('customers.details.permits')}>
            <PermitFacts permits={customer.permits} />
          </Section>
        </div>
      </div>
    </>
  );
}

interface EditableSectionProps {
  customer: Customer;
  part: EditablePart;
  edited: EditablePart | null;
  /** None: this person may not, or the customer is closed. */
  edit: ((part: EditablePart | null) => void) | null;
  children: ReactNode;
}

/** One part is changed at a time: what is open can be seen whole, and its Save is the only one. */
function EditableSection({ customer, part, edited, edit, children }: EditableSectionProps) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const isEdited = edited === part;
  const [wasEdited, setWasEdited] = useState(false);
  useEffect(() => {
    // Back to where the person was before the form.
    if (wasEdited && !isEdited) button.current?.focus();
  }, [wasEdited, isEdited]);
  const tool = edit && edited === null && (
    <Button
      ref={button}
      variant="default"
      size="xs"
      aria-label={t(`customerPage.edit.${part}`)}
      onClick={() => {
        setWasEdited(true);
        edit(part);
      }}
    >
      {t('customerPage.edit.button')}
    </Button>
  );
  return (
    <Section title={t(`customerPage.sections.${part}`)} tool={tool}>
      {isEdited && edit ? (
        <Suspense fallback={children}>
          <CustomerEdit customer={customer} part={part} close={() => edit(null)} />
        </Suspense>
      ) : (
        children
      )}
    </Section>
  );
}
