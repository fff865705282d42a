// Owns the rates of a tariff: by prefix, dated, a page at a time, to a file and from one. Does not own what they cost together (sample.tsx),
// nor what becomes of a file (rate_import.tsx).
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileAddress, request } from '../api/client';
import type { Rate, RatePage, Tariff } from '../api/types';
import { lazySoon } from '../app/lazy_soon';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';
import { PageFailed, Section, SmallTable } from '../page/page';
import page from '../page/page.module.css';
import { usePermissions } from '../session/session';
import { Price } from './price';
import styles from './tariff.module.css';

const RateImport = lazySoon(() => import('./rate_import'));

const RATES_A_PAGE = 50;
const TYPING_MILLISECONDS = 200;

export function Rates({ tariff }: { tariff: Tariff }) {
  const { t } = useTranslation();
  const [prefix, setPrefix] = useState('');
  const [settled] = useDebouncedValue(prefix.replace(/\D/g, ''), TYPING_MILLISECONDS);
  // Of the pages before this one, so that one can go back.
  const [cursors, setCursors] = useState<string[]>([]);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['rates', tariff.id, settled, cursors.at(-1)],
    queryFn: ({ signal }) =>
      request<RatePage>('GET', `/tariffs/${tariff.id}/rates`, {
        query: { limit: RATES_A_PAGE, prefix: settled === '' ? undefined : settled, after: cursors.at(-1) },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  const rates = data?.items ?? [];
  const next = data?.next ?? null;
  return (
    <Section title={t('rates.title')} tool={<RateTools tariff={tariff} prefix={settled === '' ? undefined : settled} />}>
      <TextInput
        label={t('rates.find')}
        className={styles.find}
        inputMode="numeric"
        dir="ltr"
        maxLength={24}
        value={prefix}
        onChange={(event) => {
          setPrefix(event.currentTarget.value);
          setCursors([]);
        }}
      />
      {error && <PageFailed error={error} retry={() => void refetch()} />}
      {data && rates.length === 0 && (
        <p role="status" className={page.quiet}>
          {t(settled === '' ? 'rates.never' : 'rates.none')}
        </p>
      )}
      {rates.length > 0 && <RateTable rates={rates} isBusy={isFetching} />}
      {(next !== null || cursors.length > 0) && (
        <nav className={styles.pages} aria-label={t('grid.pages')}>
          <Button variant="default" size="xs" disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
            {t('grid.previous')}
          </Button>
          <Button variant="default" size="xs" disabled={next === null || isFetching} onClick={() => next !== null && setCursors([...cursors, next])}>
            {t('grid.next')}
          </Button>
        </nav>
      )}
    </Section>
  );
}

function RateTools({ tariff, prefix }: { tariff: Tariff; prefix: string | undefined }) {
  const { t } = useTranslation();
  const may = usePermissions();
  const [isImporting, setImporting] = useState(false);
  return (
    <div className={page.actions}>
      {may('tariff.write') && (
        <Button variant="default" size="xs" onClick={() => setImporting(true)}>
          {t('rates.import')}
        </Button>
      )}
      {may('export.run') && (
        <Button
          component="a"
          variant="default"
          size="xs"
          href={fileAddress(`/tariffs/${tariff.id}/rates/export`, { format: 'csv', prefix })}
          download={`${tariff.name}.csv`}
          className={styles.file}
        >
          {t('rates.export')}
        </Button>
      )}
      {isImporting && (
        <Suspense>
          <RateImport close={() => setImporting(false)} />
        </Suspense>
      )}
    </div>
  );
}

function RateTable({ rates, isBusy }: { rates: Rate[]; isBusy: boolean }) {
  const { t } = useTranslation();
  return (
    <div aria-busy={isBusy}>
      <SmallTable label={t('rates.title')}>
        <thead>
          <tr>
            <th scope="col">{t('rates.prefix')}</th>
            <th scope="col">{t('rates.from')}</th>
            <th scope="col">{t('rates.status')}</th>
            <th scope="col">{t('rates.first')}</th>
            <th scope="col">{t('rates.next')}</th>
            <th scope="col">{t('rates.offPeak')}</th>
          </tr>
        </thead>
        <tbody>
          {rates.map((rate) => (
            <tr key={rate.id}>
              <td>{rate.prefix === '' ? t('rates.every') : <bdi dir="ltr">{rate.prefix}</bdi>}</td>
              <td>
                <MomentText moment={rate.effective_from} />
              </td>
              <td>
                {t(`rates.statuses.${rate.status}`)}
                {rate.payback && ` · ${t('rates.payback')}`}
              </td>
              <PricingCells pricing={rate.pricing} />
              <td>{rate.off_peak && <Pricing pricing={rate.off_peak} />}</td>
            </tr>
          ))}
        </tbody>
      </SmallTable>
    </div>
  );
}

function PricingCells({ pricing }: { pricing: Rate['pricing'] }) {
  if (pricing.formula !== null) {
    return (
      <td colSpan={2}>
        <bdi dir="ltr">{pricing.formula}</bdi>
      </td>
    );
  }
  return (
    <>
      <td>
        <Interval units={pricing.interval_first} price={pricing.price_first} />
      </td>
      <td>
        <Interval units={pricing.interval_next} price={pricing.price_next} />
      </td>
    </>
  );
}

function Pricing({ pricing }: { pricing: Rate['pricing'] }) {
  if (pricing.formula !== null) return <bdi dir="ltr">{pricing.formula}</bdi>;
  return (
    <>
      <Interval units={pricing.interval_first} price={pricing.price_first} /> · <Interval units={pricing.interval_next} price={pricing.price_next} />
    </>
  );
}

function Interval({ units, price }: { units: number | null; price: string | null }) {
  if (units === null || price === null) return null;
  return (
    <span className={styles.interval}>
      <Price amount={price} /> / <bdi>{formatCount(units)}</bdi>
    </span>
  );
}
