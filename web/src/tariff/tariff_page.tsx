// Owns the page of a tariff: its settings, what a sample costs, its rates. Does not own the parts (rates.tsx, sample.tsx).
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Tariff } from '../api/types';
import { formatCount } from '../language/locale';
import { Fact, Facts, PageFailed, PageSkeleton, RecordPage, Section } from '../page/page';
import page from '../page/page.module.css';
import { Price } from './price';
import { Rates } from './rates';
import { Sample } from './sample';
import { unitText } from './tariff_list';

export default function TariffPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/tariffs/$id' });
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['tariff', Number(id)],
    queryFn: ({ signal }) => request<Tariff>('GET', `/tariffs/${id}`, { signal }),
  });
  return (
    <RecordPage
      title={data?.name ?? t('tariffs.one')}
      list={{ path: '/tariffs', label: t('navigation.tariffs') }}
      aside={data && <span className={page.quiet}>{`${t(`service.${data.service}`)} · ${data.currency}`}</span>}
      isBusy={isFetching}
    >
      {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <PageSkeleton />}
      {data && (
        <>
          <div className={page.columns}>
            <div className={page.column}>
              <Section title={t('tariffs.settings')}>
                <TariffFacts tariff={data} />
              </Section>
            </div>
            <div className={page.column}>
              <Section title={t('price.title')}>
                <Sample tariff={data} />
              </Section>
            </div>
          </div>
          <Rates tariff={data} />
        </>
      )}
    </RecordPage>
  );
}

function TariffFacts({ tariff }: { tariff: Tariff }) {
  const { t } = useTranslation();
  const units = (count: number) => `${formatCount(count)} · ${unitText(t, tariff.unit)}`;
  return (
    <Facts>
      <Fact label={t('tariffs.columns.unit')}>{unitText(t, tariff.unit)}</Fact>
      <Fact label={t('tariffs.columns.connect_fee')}>
        <Price amount={tariff.connect_fee} currency={tariff.currency} />
      </Fact>
      <Fact label={t('tariffs.freeUnits')}>{units(tariff.free_units)}</Fact>
      <Fact label={t('tariffs.graceUnits')}>{units(tariff.grace_units)}</Fact>
      <Fact label={t('tariffs.columns.surcharge')}>
        <bdi dir="ltr">{`${tariff.surcharge_percent}\u00a0%`}</bdi>
      </Fact>
      <Fact label={t('tariffs.rounding')}>{formatCount(tariff.rounding_digits)}</Fact>
      {tariff.off_peak !== null && (
        <>
          <Fact label={t('tariffs.offPeak')}>
            <bdi dir="ltr">{tariff.off_peak}</bdi>
          </Fact>
          <Fact label={t('tariffs.splitByPeak')}>{t(tariff.split_by_peak ? 'customers.permit.yes' : 'customers.permit.no')}</Fact>
        </>
      )}
      <Fact label={t('tariffs.timeZone')}>
        <bdi dir="ltr">{tariff.time_zone}</bdi>
      </Fact>
    </Facts>
  );
}
