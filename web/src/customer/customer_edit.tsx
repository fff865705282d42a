// Owns changing a part of a customer where it stands on its page. Does not own the fields (customer_fields.ts).
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../api/types';
import { bodyOf, type Field } from '../form/field';
import { FormView } from '../form/form';
import { useForm } from '../form/use_form';
import { customerKey, useKeepCustomer } from './customer';
import {
  billingFields,
  contactFields,
  nameField,
  notesField,
  temporaryLimitFields,
  textsOfCustomer,
  useClassesFor,
  useTimeZones,
} from './customer_fields';

export type EditablePart = 'contact' | 'billing' | 'notes';

interface CustomerEditProps {
  customer: Customer;
  part: EditablePart;
  close: () => void;
}

export default function CustomerEdit({ customer, part, close }: CustomerEditProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const keep = useKeepCustomer();
  const fields = usePartFields(customer, part);
  const stored = useMemo(() => textsOfCustomer(customer), [customer]);
  const form = useForm<Customer>({
    fields: () => fields,
    stored,
    wish: (texts, changed) => {
      // An amount without its date is no temporary limit: what belongs together is sent together.
      const isTemporary = (name: string) => name.startsWith('temporary_credit_limit.');
      const hasTemporary = changed.some(isTemporary);
      const sent = fields.filter(({ name }) => changed.includes(name) || (hasTemporary && isTemporary(name)));
      const body = bodyOf(sent, texts);
      const isNone = fields.filter(({ name }) => isTemporary(name)).every(({ name }) => (texts[name] ?? '') === '');
      if (hasTemporary && isNone) body.temporary_credit_limit = null;
      if (changed.length === 0) return null;
      return { method: 'PATCH', path: `/customers/${customer.id}`, body: { version: customer.version, ...body } };
    },
    onDone: (answer) => {
      if (answer) keep(answer);
      close();
    },
    onOvertaken: () => void client.invalidateQueries({ queryKey: customerKey(customer.id) }),
  });
  return <FormView form={form} label={t(`customerPage.sections.${part}`)} save={t('form.save')} cancel={close} />;
}

function usePartFields(customer: Customer, part: EditablePart): Field[] {
  const { t } = useTranslation();
  const zones = useTimeZones();
  const classes = useClassesFor(customer.currency);
  return useMemo(() => {
    if (part === 'contact') return [nameField(t), ...contactFields(t)];
    if (part === 'notes') return [notesField(t)];
    return [
      ...billingFields(t, classes, zones, customer.balance_control === 'prepaid'),
      ...temporaryLimitFields(t),
    ];
  }, [t, part, classes, zones, customer.balance_control]);
}
