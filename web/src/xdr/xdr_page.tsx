// Owns the page of an xDR. Does not own what is told on it (xdr_facts.tsx), nor the list.
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageFailed, PageSkeleton, RecordPage } from '../page/page';
import page from '../page/page.module.css';
import { Charged, Explained, titleOf, Usage, useXdr } from './xdr_facts';

export default function XdrPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/xdrs/$id' });
  const { data, error, isFetching, refetch } = useXdr(Number(id));
  return (
    <RecordPage
      title={data ? titleOf(data, t) : t('xdrPage.one')}
      list={{ path: '/xdrs', label: t('customers.xdrs') }}
      aside={data && <span className={page.quiet}>{t(`xdrs.kinds.${data.xdr.kind}`)}</span>}
      isBusy={isFetching}
    >
      {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <PageSkeleton />}
      {data && (
        <div className={page.columns}>
          <div className={page.column}>
            <Charged detail={data} />
            {data.usage && <Usage xdr={data.xdr} usage={data.usage} />}
          </div>
          <div className={page.column}>{data.usage && <Explained usage={data.usage} />}</div>
        </div>
      )}
    </RecordPage>
  );
}
