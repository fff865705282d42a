// Owns the drawer that tells about an xDR beside the list. Does not own what is told (xdr_facts.tsx), nor which xDR is open: the list's
// address says so.
import { Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useReturnFocus } from '../app/return_focus';
import { PageFailed, PageSkeleton } from '../page/page';
import { Charged, Explained, titleOf, Usage, useXdr } from './xdr_facts';
import styles from './xdr.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';

interface XdrDrawerProps {
  id: number;
  close: () => void;
}

export default function XdrDrawer({ id, close }: XdrDrawerProps) {
  const { t } = useTranslation();
  const { data, error, isFetching, refetch } = useXdr(id);
  useReturnFocus();
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="34rem"
      title={<bdi>{data ? titleOf(data, t) : t('xdrPage.one')}</bdi>}
      closeButtonProps={{ 'aria-label': t('grid.close') }}
    >
      <div className={styles.drawer} aria-busy={isFetching}>
        {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
        {!data && !error && <PageSkeleton />}
        {data && (
          <>
            <Charged detail={data} />
            {data.usage && <Usage xdr={data.xdr} usage={data.usage} />}
            {data.usage && <Explained usage={data.usage} />}
            <Link to="/xdrs/$id" params={{ id: String(id) }}>
              {t('xdrPage.open')}
            </Link>
          </>
        )}
      </div>
    </Drawer>
  );
}
