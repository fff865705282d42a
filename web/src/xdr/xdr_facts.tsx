// Owns what is told of an xDR: what was charged to whom, the usage, and how the charge came about step by step; on its page and in the drawer
// beside the list. Does not own how the parts stand there.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { XdrDetail } from '../api/types';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';
import { Amount } from '../money/amount';
import { Fact, Facts, Section } from '../page/page';
import page from '../page/page.module.css';
import { PriceSteps } from '../tariff/price';

export function useXdr(id: number) {
  return useQuery({
    queryKey: ['xdr', id],
    queryFn: ({ signal }) => request<XdrDetail>('GET', `/xdrs/${id}`, { signal }),
  });
}

/** The number that was called, or what it is. */
export function titleOf({ xdr }: XdrDetail, t: TFunction): string {
  return xdr.cld ?? t(`xdrs.kinds.${xdr.kind}`);
}

export function Charged({ detail: { xdr, usage } }: { detail: XdrDetail }) {
  const { t } = useTranslation();
  const money = (amount: string) => (
    <>
      <Amount amount={amount} digits={xdr.currency_digits} /> {xdr.currency}
    </>
  );
  return (
    <Section title={t('xdrPage.facts')}>
      <Facts>
        <Fact label={t('xdrPage.amount')}>{money(xdr.amount)}</Fact>
        {usage?.uncharged && <Fact label={t('xdrPage.uncharged')}>{t(`xdrPage.unchargedFor.${usage.uncharged}`)}</Fact>}
        {xdr.corrected !== null && <Fact label={t(xdr.reverted ? 'xdrPage.reverted' : 'xdrPage.corrected')}>{money(xdr.corrected)}</Fact>}
        <Fact label={t('xdrs.columns.customer')}>
          <Link to="/customers/$id" params={{ id: String(xdr.customer.id) }}>
            <bdi>{xdr.customer.name}</bdi>
          </Link>
        </Fact>
        {xdr.account !== null && (
          <Fact label={t('xdrs.columns.account')}>
            <Link to="/accounts/$id" params={{ id: String(xdr.account.id) }}>
              <bdi dir="ltr">{xdr.account.identity}</bdi>
            </Link>
          </Fact>
        )}
        <Fact label={t('xdrs.columns.bill_time')}>
          <MomentText moment={xdr.bill_time} />
        </Fact>
        {xdr.comment !== null && (
          <Fact label={t('xdrs.columns.comment')}>
            <bdi>{xdr.comment}</bdi>
          </Fact>
        )}
        {xdr.refers_to !== null && (
          <Fact label={t('xdrPage.refersTo')}>
            <Link to="/xdrs/$id" params={{ id: String(xdr.refers_to) }}>
              <bdi dir="ltr">{xdr.refers_to}</bdi>
            </Link>
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

export function Explained({ usage }: { usage: NonNullable<XdrDetail['usage']> }) {
  const { t } = useTranslation();
  return (
    <Section title={t('xdrPage.explained')}>
      {usage.steps.length === 0 ? <p className={page.quiet}>{t('xdrPage.noSteps')}</p> : <PriceSteps steps={usage.steps} />}
    </Section>
  );
}

export function Usage({ xdr, usage }: { xdr: XdrDetail['xdr']; usage: NonNullable<XdrDetail['usage']> }) {
  const { t } = useTranslation();
  return (
    <Section title={t('xdrPage.usage')}>
      <Facts>
        <Fact label={t('sessions.columns.direction')}>{t(`direction.${usage.direction}`)}</Fact>
        {xdr.cli !== null && (
          <Fact label={t('sessions.columns.cli')}>
            <bdi dir="ltr">{xdr.cli}</bdi>
          </Fact>
        )}
        <Fact label={t('xdrPage.started')}>
          <MomentText moment={xdr.started_at} />
        </Fact>
        <Fact label={t('xdrPage.ended')}>
          <MomentText moment={usage.ended_at} />
        </Fact>
        <Fact label={t('xdrPage.used')}>{formatCount(usage.units)}</Fact>
        <Fact label={t('xdrPage.quantity')}>{formatCount(xdr.quantity)}</Fact>
        {usage.tariff !== null && (
          <Fact label={t('xdrPage.tariff')}>
            <Link to="/tariffs/$id" params={{ id: String(usage.tariff.id) }}>
              <bdi>{usage.tariff.name}</bdi>
            </Link>
          </Fact>
        )}
        {usage.prefix !== null && (
          <Fact label={t('xdrPage.prefix')}>
            <bdi dir="ltr">{usage.prefix}</bdi>
          </Fact>
        )}
        {usage.rated_at !== null && (
          <Fact label={t('xdrPage.ratedAt')}>
            <MomentText moment={usage.rated_at} />
          </Fact>
        )}
        {usage.cause !== null && (
          <Fact label={t('xdrPage.cause')}>
            <bdi dir="ltr">{usage.cause}</bdi>
          </Fact>
        )}
        <Fact label={t('sessions.columns.session')}>
          <bdi dir="ltr">{usage.session}</bdi>
        </Fact>
      </Facts>
    </Section>
  );
}
