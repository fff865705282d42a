// Owns the dialog that gives a customer an account. Does not own the list of its accounts (customer_accounts.tsx).
import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Account, AccountModel, Customer } from '../api/types';
import { showNotice } from '../app/notices';
import { givenOf, type Field, type Texts } from '../form/field';
import { FormView } from '../form/form';
import { useForm } from '../form/use_form';
import { accountsKey } from './customer_accounts';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';

const models: AccountModel[] = ['credit', 'debit'];
const first: Texts = { model: 'credit', inactive: 'false', blocked: 'false' };

export default function AccountDialog({ customer, close }: { customer: Customer; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm<Account>({
    fields: (texts) => accountFields(t, customer, texts),
    stored: first,
    wish: (texts, _changed, fields) => ({
      method: 'POST',
      path: '/accounts',
      body: { customer_id: customer.id, ...givenOf(fields, texts) },
    }),
    onDone: (account) => {
      if (!account) return;
      void client.invalidateQueries({ queryKey: accountsKey(customer.id) });
      void client.invalidateQueries({ queryKey: ['list'] });
      showNotice(t('customerAccount.done', { identity: account.identity }));
      close();
    },
  });
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('customerAccount.title')}
      closeButtonProps={{ 'aria-label': t('grid.close') }}
      returnFocus={false}
    >
      <FormView form={form} label={t('customerAccount.title')} save={t('customerAccount.save')} cancel={close} isDialog />
    </Modal>
  );
}

/** A debit account has money of its own, a credit account perhaps a limit. */
function accountFields(t: TFunction, { currency }: Customer, { model }: Texts): Field[] {
  return [
    {
      name: 'identity',
      label: t('customerAccount.fields.identity'),
      takes: 'text',
      charactersMax: 128,
      isRequired: true,
      isCode: true,
      isWide: true,
      help: t('customerAccount.help.identity'),
    },
    {
      name: 'model',
      label: t('customerAccount.fields.model'),
      takes: 'choice',
      options: models.map((value) => ({ value, label: t(`customerAccount.models.${value}`) })),
    },
    model === 'debit'
      ? { name: 'opening_balance', label: t('customerAccount.fields.opening_balance', { currency }), takes: 'amount' }
      : {
          name: 'credit_limit',
          label: t('customerAccount.fields.credit_limit', { currency }),
          takes: 'amount',
          help: t('customerAccount.help.credit_limit'),
        },
    { name: 'batch', label: t('customerAccount.fields.batch'), takes: 'text', charactersMax: 64 },
    { name: 'inactive', label: t('customerAccount.fields.inactive'), takes: 'yes_no' },
    { name: 'blocked', label: t('customerAccount.fields.blocked'), takes: 'yes_no' },
  ];
}
