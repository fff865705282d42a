// Owns what bundles include, as the page of a product tells it and, with what is left, the page of an account. Does not own making and
// changing bundles.
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { AccountItem, Bundle, BundleItem, ItemPeriod } from '../api/types';
import { formatAll, formatAmountIn, formatCount, formatDay } from '../language/locale';
import { PageFailed, Section, SmallTable } from '../page/page';
import page from '../page/page.module.css';
import styles from './bundle.module.css';

const SECONDS_OF_MINUTE = 60;

/** Calls by minutes and seconds, as people count them. */
function unitsText(t: TFunction, service: BundleItem['service'], units: number): string {
  if (service !== 'voice') return t(`included.units.${service === 'data' ? 'data' : 'message'}`, { formatted: formatCount(units) });
  const seconds = String(units % SECONDS_OF_MINUTE).padStart(2, '0');
  return t('included.units.voice', { formatted: `${formatCount(Math.floor(units / SECONDS_OF_MINUTE))}:${seconds}` });
}

interface Volume {
  units: number | null;
  amount: string | null;
}

function volumeText(t: TFunction, item: BundleItem, { units, amount }: Volume, money: Money): string {
  if (units !== null) return unitsText(t, item.service, units);
  return amount === null ? t('included.unlimited') : formatAmountIn(amount, money.currency, money.digits);
}

interface Money {
  currency: string;
  digits: number;
}

function What({ item }: { item: BundleItem }) {
  const { t } = useTranslation();
  return (
    <>
      {t(`service.${item.service}`)} · {t(`direction.${item.direction}`)}
      {item.prefixes.length > 0 && <span className={styles.prefixes}>{t('included.to', { prefixes: formatAll(item.prefixes) })}</span>}
    </>
  );
}

export function ProductIncluded({ bundleId, currency, digits }: { bundleId: number } & Money) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ['bundle', bundleId],
    queryFn: ({ signal }) => request<Bundle>('GET', `/bundles/${bundleId}`, { signal }),
  });
  const renewed = ({ renewal, rollover_periods: count }: BundleItem) =>
    count === 0 ? t(`included.renewals.${renewal}`) : `${t(`included.renewals.${renewal}`)} · ${t('included.kept', { count, formatted: formatCount(count) })}`;
  return (
    <Section title={t('included.title')}>
      {error && <PageFailed error={error} retry={() => void refetch()} />}
      {data && (
        <p>
          <bdi>{data.name}</bdi> · {t(`included.across.${data.across}`)}
        </p>
      )}
      {data?.items.length === 0 && <p className={page.quiet}>{t('included.draft')}</p>}
      {data && data.items.length > 0 && (
        <SmallTable label={t('included.title')}>
          <thead>
            <tr>
              <th scope="col">{t('included.what')}</th>
              <th scope="col">{t('included.volume')}</th>
              <th scope="col">{t('included.renewal')}</th>
              <th scope="col">{t('included.beyond')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((item) => (
              <tr key={item.id}>
                <td>
                  <What item={item} />
                </td>
                <td>{volumeText(t, item, { units: item.volume_units, amount: item.volume_amount }, { currency, digits })}</td>
                <td>{renewed(item)}</td>
                <td>{t(`included.usedUp.${item.used_up}`)}</td>
              </tr>
            ))}
          </tbody>
        </SmallTable>
      )}
    </Section>
  );
}

/** What is left for an account. Nothing is shown where nothing is included. */
export function AccountIncluded({ accountId, currency, digits }: { accountId: number } & Money) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ['account bundles', accountId],
    queryFn: ({ signal }) => request<{ items: AccountItem[] }>('GET', `/accounts/${accountId}/bundles`, { signal }),
  });
  if (!error && (data?.items.length ?? 0) === 0) return null;
  return (
    <Section title={t('included.title')}>
      {error && <PageFailed error={error} retry={() => void refetch()} />}
      {data && (
        <SmallTable label={t('included.title')}>
          <thead>
            <tr>
              <th scope="col">{t('included.bundle')}</th>
              <th scope="col">{t('included.what')}</th>
              <th scope="col">{t('included.taken')}</th>
              <th scope="col">{t('included.expires')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.flatMap((held) =>
              held.periods.map((period) => (
                <tr key={`${held.item.id} ${period.first_day}`}>
                  <td>
                    <bdi>{held.bundle_name}</bdi>
                  </td>
                  <td>
                    <What item={held.item} />
                  </td>
                  <td>
                    <Taken item={held.item} period={period} money={{ currency, digits }} />
                  </td>
                  <td>{formatDay(period.expires_day)}</td>
                </tr>
              )),
            )}
          </tbody>
        </SmallTable>
      )}
    </Section>
  );
}

function Taken({ item, period, money }: { item: BundleItem; period: ItemPeriod; money: Money }) {
  const { t } = useTranslation();
  const volume = { units: period.volume_units, amount: period.volume_amount };
  const taken = volumeText(t, item, { units: period.taken_units, amount: period.taken_amount }, money);
  const isLimited = volume.units !== null || volume.amount !== null;
  const text = isLimited ? t('included.of', { taken, volume: volumeText(t, item, volume, money) }) : `${taken} · ${t('included.unlimited')}`;
  // The bar is a picture of the text beside it: to the pixel, not to the digit.
  const share = isLimited ? Number(period.taken_units ?? period.taken_amount) / Number(volume.units ?? volume.amount) : 0;
  return (
    <>
      {text}
      {isLimited && (
        <span className={styles.bar} aria-hidden data-used-up={share >= 1 || undefined}>
          <span style={{ inlineSize: `${Math.min(share, 1) * 100}%` }} />
        </span>
      )}
    </>
  );
}
