// Owns the page of an account: its status and why, its money, its products, what it uses now and what it was charged last. Does not own
// the customer it belongs to.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Account, Held, Page, UsageSession, Xdr } from '../api/types';
import { AccountIncluded } from '../bundle/included';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';
import { Amount } from '../money/amount';
import { Fact, Facts, PageFailed, PageSkeleton, RecordPage, Section, SmallTable } from '../page/page';
import page from '../page/page.module.css';
import { usePermissions } from '../session/session';
import { reasonText } from '../status/wording';
import { AccountStatusBadge } from './account_status';

const XDRS_MAX = 10;
const REFRESH_MILLISECONDS = 5_000;

export default function AccountPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/accounts/$id' });
  const may = usePermissions();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['account', Number(id)],
    queryFn: ({ signal }) => request<Account>('GET', `/accounts/${id}`, { signal }),
  });
  return (
    <RecordPage
      title={data?.identity ?? t('accountPage.one')}
      list={{ path: '/accounts', label: t('navigation.accounts') }}
      aside={data && <AccountStatusBadge account={data} saysActive />}
      isBusy={isFetching}
    >
      {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <PageSkeleton />}
      {data && (
        <>
          <Reason account={data} />
          <div className={page.columns}>
            <div className={page.column}>
              <AccountFacts account={data} />
              {may('product.read') && <Products account={data} />}
              <AccountIncluded accountId={data.id} currency={data.currency} digits={data.currency_digits} />
            </div>
            <div className={page.column}>
              {may('session.read') && <Sessions account={data} />}
              {may('xdr.read') && <LastXdrs account={data} />}
            </div>
          </div>
        </>
      )}
    </RecordPage>
  );
}

function Reason({ account }: { account: Account }) {
  const reason = reasonText(account.status_reason_code, account.status_reason_values, account.status_reason);
  return reason === null ? null : <p dir="auto">{reason}</p>;
}

function AccountFacts({ account }: { account: Account }) {
  const { t } = useTranslation();
  const moments = [
    ['activeFrom', account.active_from],
    ['expires', account.expires_at],
    ['firstUsed', account.first_used_at],
    ['lastUsed', account.last_used_at],
  ] as const;
  const money = (amount: string) => (
    <>
      <Amount amount={amount} digits={account.currency_digits} /> {account.currency}
    </>
  );
  return (
    <Section title={t('accountPage.facts')}>
      <Facts>
        <Fact label={t('accounts.columns.customer')}>
          <Link to="/customers/$id" params={{ id: String(account.customer.id) }}>
            <bdi>{account.customer.name}</bdi>
          </Link>
        </Fact>
        <Fact label={t('accounts.columns.model')}>{t(`accounts.models.${account.model}`)}</Fact>
        <Fact label={t('accounts.columns.balance')}>{money(account.balance)}</Fact>
        {account.credit_limit !== null && <Fact label={t('accounts.columns.credit_limit')}>{money(account.credit_limit)}</Fact>}
        {account.batch !== null && (
          <Fact label={t('accounts.columns.batch')}>
            <bdi>{account.batch}</bdi>
          </Fact>
        )}
        {moments.map(([name, at]) => at !== null && (
          <Fact key={name} label={t(`accountPage.${name}`)}>
            <MomentText moment={at} />
          </Fact>
        ))}
        <Fact label={t('accounts.columns.created')}>
          <MomentText moment={account.created_at} />
        </Fact>
      </Facts>
    </Section>
  );
}

function Products({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ['account products', account.id],
    queryFn: ({ signal }) => request<{ items: Held[] }>('GET', `/accounts/${account.id}/products`, { signal }),
  });
  return (
    <Section title={t('accountPage.products')}>
      {error && <PageFailed error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && <p className={page.quiet}>{t('accountPage.noProducts')}</p>}
      {data && data.items.length > 0 && (
        <SmallTable label={t('accountPage.products')}>
          <thead>
            <tr>
              <th scope="col">{t('products.one')}</th>
              <th scope="col">{t('products.columns.kind')}</th>
              <th scope="col">{t('accountPage.since')}</th>
              <th scope="col">{t('accountPage.until')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map(({ product, active_from, active_to }) => (
              <tr key={`${product.id} ${active_from}`}>
                <td>
                  <Link to="/products/$id" params={{ id: String(product.id) }}>
                    <bdi>{product.name}</bdi>
                  </Link>
                </td>
                <td>{t(`products.kinds.${product.kind}`)}</td>
                <td>
                  <MomentText moment={active_from} />
                </td>
                <td>{active_to !== null && <MomentText moment={active_to} />}</td>
              </tr>
            ))}
          </tbody>
        </SmallTable>
      )}
    </Section>
  );
}

/** The server knows them by customer; few customers have many at once. */
function Sessions({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ['sessions of customer', account.customer.id],
    queryFn: ({ signal }) =>
      request<{ items: UsageSession[] }>('GET', '/usage/sessions', { query: { customer_id: account.customer.id, limit: 250 }, signal }),
    refetchInterval: REFRESH_MILLISECONDS,
  });
  const own = data?.items.filter((session) => session.account_id === account.id) ?? [];
  return (
    <Section title={t('accountPage.sessions')}>
      {error && <PageFailed error={error} retry={() => void refetch()} />}
      {data && own.length === 0 && <p className={page.quiet}>{t('accountPage.noSessions')}</p>}
      {own.length > 0 && (
        <SmallTable label={t('accountPage.sessions')}>
          <thead>
            <tr>
              <th scope="col">{t('sessions.columns.cld')}</th>
              <th scope="col">{t('sessions.columns.service')}</th>
              <th scope="col">{t('sessions.columns.started')}</th>
              <th scope="col" data-amount>
                {t('sessions.columns.used')}
              </th>
            </tr>
          </thead>
          <tbody>
            {own.map((session) => (
              <tr key={session.id}>
                <td>
                  <bdi dir="ltr">{session.cld}</bdi>
                </td>
                <td>{session.emergency ? t('sessions.emergency') : t(`service.${session.service}`)}</td>
                <td>{session.started_at === null ? t('sessions.waiting') : <MomentText moment={session.started_at} />}</td>
                <td data-amount>{formatCount(session.used_units)}</td>
              </tr>
            ))}
          </tbody>
        </SmallTable>
      )}
    </Section>
  );
}

function LastXdrs({ account }: { account: Account }) {
  const { t } = useTranslation();
  const query = { customer_id: account.customer.id, account_id: account.id, sort: '-bill_time', limit: XDRS_MAX };
  const { data, error, refetch } = useQuery({
    queryKey: ['xdrs of account', account.id],
    queryFn: ({ signal }) => request<Page<Xdr>>('GET', '/xdrs', { query, signal }),
  });
  return (
    <Section title={t('accountPage.xdrs')}>
      {error && <PageFailed error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && <p className={page.quiet}>{t('accountPage.noXdrs')}</p>}
      {data && data.items.length > 0 && (
        <SmallTable label={t('accountPage.xdrs')}>
          <thead>
            <tr>
              <th scope="col">{t('xdrs.columns.bill_time')}</th>
              <th scope="col">{t('xdrs.columns.cld')}</th>
              <th scope="col" data-amount>
                {t('xdrs.columns.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((xdr) => (
              <tr key={xdr.id}>
                <td>
                  <MomentText moment={xdr.bill_time} />
                </td>
                <td>
                  <Link to="/xdrs/$id" params={{ id: String(xdr.id) }}>
                    <bdi>{xdr.cld ?? t(`xdrs.kinds.${xdr.kind}`)}</bdi>
                  </Link>
                </td>
                <td data-amount>
                  <Amount amount={xdr.amount} digits={xdr.currency_digits} /> {xdr.currency}
                </td>
              </tr>
            ))}
          </tbody>
        </SmallTable>
      )}
    </Section>
  );
}
