// Owns the page on which a customer is made. Does not own the fields that it shares with changing one (customer_fields.ts).
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BalanceControl, Customer, CustomerClass, CustomerType } from '../api/types';
import { showNotice } from '../app/notices';
import { useWayBack } from '../app/way_back';
import { givenOf, type Field, type Texts } from '../form/field';
import { FormView } from '../form/form';
import type { LookupOption } from '../form/lookup_source';
import { useForm } from '../form/use_form';
import { PageSkeleton, RecordPage } from '../page/page';
import page from '../page/page.module.css';
import { useKeepCustomer } from './customer';
import { useCurrencies, useCustomerClasses } from './customer_choices';
import { billingFields, contactFields, currencyField, nameField, notesField, useTimeZones } from './customer_fields';
import { useSession } from '../session/session';
import { useCustomerSource } from './customer_source';
import styles from './customer.module.css';

const customerTypes: CustomerType[] = ['retail', 'reseller'];
const noOthers: LookupOption[] = [];
const balanceControls: BalanceControl[] = ['postpaid', 'prepaid'];

export default function CustomerNew() {
  const { t } = useTranslation();
  const classes = useCustomerClasses();
  // Another one begins with an empty form.
  const [round, setRound] = useState(0);
  const [isAnotherWanted, setAnotherWanted] = useState(false);
  return (
    <RecordPage title={t('customerPage.new.title')} list={{ path: '/customers', label: t('customers.title') }}>
      {classes.length > 0 ? (
        <NewForm key={round} classes={classes} again={isAnotherWanted ? () => setRound(round + 1) : null}>
          <label className={styles.another}>
            <input
              type="checkbox"
              checked={isAnotherWanted}
              onChange={(event) => setAnotherWanted(event.currentTarget.checked)}
            />
            {t('customerPage.new.another')}
          </label>
        </NewForm>
      ) : (
        <PageSkeleton />
      )}
    </RecordPage>
  );
}

interface NewFormProps {
  classes: CustomerClass[];
  /** Opens the next form instead of the new customer's page. */
  again: (() => void) | null;
  children: ReactNode;
}

function NewForm({ classes, again, children }: NewFormProps) {
  const { t } = useTranslation();
  const { history } = useRouter();
  const cancel = useWayBack('/customers');
  const keep = useKeepCustomer();
  const { type = 'retail' } = useSearch({ from: '/customers/new' });
  const [stored] = useState(() => firstTexts(classes, type));
  const form = useForm<Customer>({
    fields: useNewFields(classes),
    stored,
    // The currency that a class is tied to is the only one its customers can have.
    follows: (name, text): Texts => {
      const currency = name === 'class_id' ? classes.find(({ id }) => String(id) === text)?.currency : null;
      return currency ? { currency } : {};
    },
    wish: (texts, _changed, fields) => ({ method: 'POST', path: '/customers', body: givenOf(fields, texts) }),
    onDone: (customer) => {
      if (!customer) return;
      keep(customer);
      if (again) {
        showNotice(t('customerPage.new.done', { name: customer.name }));
        again();
      } else {
        history.replace(`/customers/${customer.id}`);
      }
    },
  });
  const names = form.fields.map(({ name }) => name);
  const isContact = (name: string) => name.startsWith('address.');
  return (
    <div className={page.sheet}>
      <FormView
        form={form}
        label={t('customerPage.new.title')}
        save={t('customerPage.new.save')}
        cancel={cancel}
        groups={[
          { title: t('customerPage.title'), names: names.filter((name) => !isContact(name)) },
          { title: t('customerPage.sections.contact'), names: names.filter(isContact) },
        ]}
      >
        {children}
      </FormView>
    </div>
  );
}

/** What most new customers are; the class knows the currency, the browser the time zone. */
function firstTexts(classes: CustomerClass[], type: CustomerType): Texts {
  const currency = classes[0]?.currency ?? classes.find((one) => one.currency !== null)?.currency;
  return {
    type,
    class_id: String(classes[0]?.id ?? ''),
    balance_control: 'postpaid',
    currency: currency ?? 'EUR',
    billing_period: 'monthly',
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

function useNewFields(classes: CustomerClass[]): (texts: Texts) => Field[] {
  const { t } = useTranslation();
  const currencies = useCurrencies();
  const zones = useTimeZones();
  const resellers = useCustomerSource(noOthers, 'reseller');
  const role = useSession().data?.staff.role;
  return (texts) => {
    const label = (name: 'type' | 'opening_balance') => t(`customerPage.fields.${name}`);
    const never = t('customerPage.help.never');
    const isPrepaid = texts.balance_control === 'prepaid';
    const [byClass, ...others] = billingFields(t, classes, zones, isPrepaid);
    return [
      nameField(t),
      {
        name: 'type',
        label: label('type'),
        takes: 'choice',
        help: never,
        options: customerTypes.map((value) => ({ value, label: t(`customerPage.type.${value}`) })),
      },
      // What a reseller's staff make is that reseller's.
      ...(role !== 'reseller' ? [{ name: 'reseller_id', label: t('customers.details.reseller'), takes: 'id' as const, help: t('customerPage.help.reseller'), lookup: resellers }] : []),
      ...(byClass ? [byClass] : []),
      {
        name: 'balance_control',
        label: t('customers.columns.balance_control'),
        takes: 'choice',
        help: never,
        options: balanceControls.map((value) => ({ value, label: t(`customers.${value}`) })),
      },
      currencyField(t, currencies),
      { name: 'opening_balance', label: label('opening_balance'), takes: 'amount', help: t('customerPage.help.openingBalance') },
      ...others,
      ...contactFields(t),
      notesField(t),
    ];
  };
}
