// Owns the page of a DID number: who has it, what it costs and since when. Does not own the inventory (did_list.tsx).
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Did } from '../api/types';
import { MomentText } from '../language/moment';
import { Amount } from '../money/amount';
import { Fact, Facts, PageFailed, PageSkeleton, RecordPage, Section } from '../page/page';
import page from '../page/page.module.css';

/** A fee is of whichever currency its holder pays in, and is shown whole: with two decimals, or as many more as it has. */
function Fee({ amount }: { amount: string }) {
  const decimals = amount.split('.')[1]?.length ?? 0;
  return <Amount amount={amount} digits={Math.max(2, decimals)} />;
}

export default function DidPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/dids/$id' });
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['did', Number(id)],
    queryFn: ({ signal }) => request<Did>('GET', `/dids/${id}`, { signal }),
  });
  return (
    <RecordPage title={data?.number ?? t('dids.one')} list={{ path: '/dids', label: t('navigation.dids') }} isBusy={isFetching}>
      {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <PageSkeleton />}
      {data && (
        <div className={page.columns}>
          <div className={page.column}>
            <Section title={t('dids.one')}>
              <DidFacts did={data} />
            </Section>
          </div>
          <div className={page.column}>
            <Section title={t('dids.fees')}>
              {data.free_of_charge ? (
                <p className={page.quiet}>{t('dids.freeOfCharge')}</p>
              ) : (
                <Facts>
                  <Fact label={t('dids.activationFee')}>
                    <Fee amount={data.activation_fee} />
                  </Fact>
                  <Fact label={t('dids.periodicFee')}>
                    <Fee amount={data.periodic_fee} />
                  </Fact>
                </Facts>
              )}
            </Section>
          </div>
        </div>
      )}
    </RecordPage>
  );
}

function DidFacts({ did }: { did: Did }) {
  const { t } = useTranslation();
  const { customer, account } = did;
  return (
    <Facts>
      <Fact label={t('dids.columns.state')}>{t(`dids.states.${did.state}`)}</Fact>
      {customer && (
        <Fact label={t('dids.columns.customer')}>
          <Link to="/customers/$id" params={{ id: String(customer.id) }}>
            <bdi>{customer.name}</bdi>
          </Link>
        </Fact>
      )}
      {account && (
        <Fact label={t('dids.columns.account')}>
          <Link to="/accounts/$id" params={{ id: String(account.id) }}>
            <bdi dir="ltr">{account.identity}</bdi>
          </Link>
        </Fact>
      )}
      {did.description !== null && (
        <Fact label={t('dids.columns.description')}>
          <bdi>{did.description}</bdi>
        </Fact>
      )}
      {did.assigned_at !== null && (
        <Fact label={t('dids.columns.assigned')}>
          <MomentText moment={did.assigned_at} />
        </Fact>
      )}
      {did.released_at !== null && (
        <Fact label={t('dids.columns.released')}>
          <MomentText moment={did.released_at} />
        </Fact>
      )}
      <Fact label={t('dids.columns.created')}>
        <MomentText moment={did.created_at} />
      </Fact>
    </Facts>
  );
}
