// Owns the page of a product: what it is, how many calls it allows at once, and by which tariff each service is charged. Does not own
// the tariffs (tariff/).
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Product } from '../api/types';
import { ProductIncluded } from '../bundle/included';
import { formatCount } from '../language/locale';
import { MomentText } from '../language/moment';
import { Fact, Facts, PageFailed, PageSkeleton, RecordPage, Section, SmallTable } from '../page/page';
import page from '../page/page.module.css';
import { useTariffs } from '../tariff/tariffs';

export default function ProductPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/products/$id' });
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['product', Number(id)],
    queryFn: ({ signal }) => request<Product>('GET', `/products/${id}`, { signal }),
  });
  return (
    <RecordPage
      title={data?.name ?? t('products.one')}
      list={{ path: '/products', label: t('navigation.products') }}
      aside={data && <span className={page.quiet}>{t(`products.kinds.${data.kind}`)}</span>}
      isBusy={isFetching}
    >
      {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <PageSkeleton />}
      {data && (
        <div className={page.columns}>
          <div className={page.column}>
            <ProductFacts product={data} />
            {data.bundle_id !== null && (
              <ProductIncluded bundleId={data.bundle_id} currency={data.currency} digits={currencyDigits(data.currency)} />
            )}
          </div>
          <div className={page.column}>
            <ProductTariffs product={data} />
          </div>
        </div>
      )}
    </RecordPage>
  );
}

function currencyDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

function ProductFacts({ product }: { product: Product }) {
  const { t } = useTranslation();
  const limit = (count: number | null) => (count === null ? t('products.unlimited') : formatCount(count));
  return (
    <Section title={t('products.one')}>
      <Facts>
        <Fact label={t('products.columns.currency')}>{product.currency}</Fact>
        {product.kind === 'add_on' && <Fact label={t('products.columns.priority')}>{formatCount(product.priority)}</Fact>}
        <Fact label={t('products.columns.calls_max')}>{limit(product.calls_max)}</Fact>
        <Fact label={t('products.callsOut')}>{limit(product.calls_outgoing_max)}</Fact>
        <Fact label={t('products.callsIn')}>{limit(product.calls_incoming_max)}</Fact>
        <Fact label={t('products.columns.created')}>
          <MomentText moment={product.created_at} />
        </Fact>
      </Facts>
    </Section>
  );
}

export function ProductTariffs({ product }: { product: Product }) {
  const { t } = useTranslation();
  const tariffs = useTariffs();
  return (
    <Section title={t('products.tariffs')}>
      {product.tariffs.length === 0 ? (
        <p className={page.quiet}>{t('products.noTariffs')}</p>
      ) : (
        <SmallTable label={t('products.tariffs')}>
          <thead>
            <tr>
              <th scope="col">{t('products.serviceColumn')}</th>
              <th scope="col">{t('products.directionColumn')}</th>
              <th scope="col">{t('tariffs.one')}</th>
            </tr>
          </thead>
          <tbody>
            {product.tariffs.map(({ service, direction, tariff_id: id }) => (
              <tr key={`${service} ${direction}`}>
                <td>{t(`service.${service}`)}</td>
                <td>{t(`direction.${direction}`)}</td>
                <td>
                  <Link to="/tariffs/$id" params={{ id: String(id) }}>
                    <bdi>{tariffs.find((tariff) => tariff.id === id)?.name ?? id}</bdi>
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </SmallTable>
      )}
    </Section>
  );
}
