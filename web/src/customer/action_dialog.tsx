// Owns the dialog before something is done to a customer: what will happen, what is asked for, what came of it.
// Does not own which actions there are (customer_action.ts).
import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer, Transaction } from '../api/types';
import { showNotice } from '../app/notices';
import { FormView } from '../form/form';
import { useForm } from '../form/use_form';
import { formatAmountIn } from '../language/locale';
import { statusLabel } from '../status/wording';
import { customerKey, useKeepCustomer } from './customer';
import { actionTable, isTerminated, restored, type Doing } from './customer_action';
import styles from './customer.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';

interface ActionDialogProps {
  customer: Customer;
  doing: Doing;
  close: () => void;
}

export default function ActionDialog({ customer, doing, close }: ActionDialogProps) {
  const { t } = useTranslation();
  const row = actionTable[doing];
  const done = useDone(customer, doing, close);
  const fields = useMemo(() => row.fields?.(t, customer) ?? [], [row, t, customer]);
  const stored = useMemo(() => row.first?.(customer) ?? {}, [row, customer]);
  const form = useForm<Customer | Transaction>({
    fields: () => fields,
    stored,
    wish: (texts) => row.wish(customer, fields, texts),
    onDone: done,
  });
  const words = wordsOf(doing, customer);
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t(`customerAction.${words}.title`, { name: customer.name })}
      closeButtonProps={{ 'aria-label': t('grid.close') }}
      // The page gives the focus back: the menu that opened the dialog is gone by then.
      returnFocus={false}
    >
      <ul className={styles.consequences}>
        {consequencesOf(words, customer, t).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <FormView
        form={form}
        label={t(`customerAction.${words}.title`, { name: customer.name })}
        save={t(`customerAction.${words}.button`)}
        isDestructive={row.isDestructive}
        cancel={close}
        isDialog
      />
    </Modal>
  );
}

type Words = Exclude<Doing, 'restore'> | 'hasten' | 'restore_exported' | 'restore_provisionally_terminated' | 'restore_blocked';

function wordsOf(doing: Doing, customer: Customer): Words {
  if (doing === 'restore') return `restore_${restored(customer)}`;
  return doing === 'terminate' && isTerminated(customer) ? 'hasten' : doing;
}

/** In plain words: what stops, what goes on, whether it can be undone. */
function consequencesOf(words: Words, customer: Customer, t: TFunction): string[] {
  const sentences: string[] = Object.values(t(`customerAction.${words}.consequences`, { returnObjects: true }));
  const isInherited = customer.type === 'reseller' && ['block', 'terminate', 'close'].includes(words);
  return isInherited ? [...sentences, t('customerAction.inherited')] : sentences;
}

function useDone(customer: Customer, doing: Doing, close: () => void) {
  const { t } = useTranslation();
  const { history } = useRouter();
  const client = useQueryClient();
  const keep = useKeepCustomer();
  return (answer: Customer | Transaction | null | undefined) => {
    if (doing === 'delete') {
      client.removeQueries({ queryKey: customerKey(customer.id) });
      void client.invalidateQueries({ queryKey: ['list'] });
      showNotice(t('customerAction.delete.done', { name: customer.name }));
      history.replace('/customers');
      return;
    }
    if (answer && 'xdr_id' in answer) {
      showNotice(wordsOfPosting(answer, customer, t));
      // What a payment has lifted and covered, the customer itself tells.
      void client.invalidateQueries({ queryKey: customerKey(customer.id) });
      void client.invalidateQueries({ queryKey: ['list'] });
    } else if (answer) {
      keep(answer);
      showNotice(t('customerAction.done', { status: statusLabel(answer.status.code, answer.status.label) }));
    }
    close();
  };
}

/** A prepaid customer's balance is what it has: the sign is turned for people. */
function wordsOfPosting({ balance, allocations }: Transaction, customer: Customer, t: TFunction): string {
  const isPrepaid = customer.balance_control === 'prepaid';
  const paid = allocations.filter(({ settles }) => settles).map(({ number }) => number);
  const money = isPrepaid
    ? t('customerAction.record_payment.donePrepaid')
    : t('customerAction.record_payment.done', {
        balance: formatAmountIn(balance, customer.currency, customer.currency_digits),
      });
  return paid.length === 0 ? money : `${money} ${t('customerAction.record_payment.settled', { count: paid.length, numbers: paid.join(', ') })}`;
}
