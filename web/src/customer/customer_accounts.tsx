// Owns the first accounts of a customer on its page. Does not own the list of all accounts.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountStatusBadge } from '../account/account_status';
import { request } from '../api/client';
import type { Account, Customer, Page } from '../api/types';
import { Amount } from '../money/amount';
import { PageFailed, Section, SmallTable } from '../page/page';
import page from '../page/page.module.css';
import { usePermissions } from '../session/session';

const AccountDialog = lazy(() => import('./account_dialog'));

const ACCOUNTS_SHOWN_MAX = 10;

export function accountsKey(customerId: number) {
  return ['accounts of', customerId];
}

export function CustomerAccounts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: accountsKey(customer.id),
    queryFn: ({ signal }) =>
      request<Page<Account>>('GET', '/accounts', {
        query: { customer_id: customer.id, state: 'any', limit: ACCOUNTS_SHOWN_MAX },
        signal,
      }),
  });
  return (
    <Section title={t('customerPage.sections.accounts')} tool={<AddAccount customer={customer} />}>
      {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <p className={page.quiet}>{t('grid.loading')}</p>}
      {data?.items.length === 0 && <p className={page.quiet}>{t('customerPage.noAccounts')}</p>}
      {data && data.items.length > 0 && <AccountTable accounts={data.items} />}
      {data?.page.next && <p className={page.quiet}>{t('customerPage.moreAccounts', { count: ACCOUNTS_SHOWN_MAX })}</p>}
    </Section>
  );
}

function AddAccount({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const may = usePermissions();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (!may('account.create') || !customer.actions.includes('add_account')) return null;
  return (
    <>
      <Button ref={button} variant="default" size="xs" onClick={() => setOpen(true)}>
        {t('customerAccount.open')}
      </Button>
      {isOpen && (
        <Suspense>
          <AccountDialog
            customer={customer}
            close={() => {
              setOpen(false);
              button.current?.focus();
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function AccountTable({ accounts }: { accounts: Account[] }) {
  const { t } = useTranslation();
  return (
    <SmallTable label={t('customerPage.sections.accounts')}>
        <thead>
          <tr>
            <th scope="col">{t('customerPage.account.identity')}</th>
            <th scope="col">{t('customerPage.account.model')}</th>
            <th scope="col">{t('status.column')}</th>
            <th scope="col" data-amount>
              {t('customers.columns.balance')}
            </th>
            <th scope="col" data-amount>
              {t('customers.columns.credit_limit')}
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr key={account.id}>
              <td>
                <Link to="/accounts/$id" params={{ id: String(account.id) }}>
                  <bdi dir="ltr">{account.identity}</bdi>
                </Link>
              </td>
              <td>{t(`customerPage.account.${account.model}`)}</td>
              <td>
                <AccountStatusBadge account={account} saysActive />
              </td>
              <td data-amount>
                <Amount amount={account.balance} digits={account.currency_digits} />
              </td>
              <td data-amount>
                {account.credit_limit !== null && (
                  <Amount amount={account.credit_limit} digits={account.currency_digits} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </SmallTable>
  );
}
