// Owns the page of a NAS: how it is known, what it asks for and what it is answered. Its secret is told to nobody.
// Does not own RADIUS itself.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { Nas } from '../api/types';
import { MomentText } from '../language/moment';
import { Fact, Facts, PageFailed, PageSkeleton, RecordPage, Section } from '../page/page';
import page from '../page/page.module.css';
import { secondsText } from './nas_list';

export default function NasPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/nas/$id' });
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['nas', Number(id)],
    queryFn: ({ signal }) => request<Nas>('GET', `/nas/${id}`, { signal }),
  });
  return (
    <RecordPage title={data?.name ?? t('nas.one')} list={{ path: '/nas', label: t('navigation.nas') }} isBusy={isFetching}>
      {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <PageSkeleton />}
      {data && (
        <div className={page.columns}>
          <div className={page.column}>
            <Section title={t('nas.one')}>
              <NasFacts nas={data} />
            </Section>
          </div>
          <div className={page.column}>
            <Section title={t('nas.template')}>
              {data.reply_template === null ? (
                <p className={page.quiet}>{t('nas.templateUsual')}</p>
              ) : (
                <ul>
                  {data.reply_template.map((line) => (
                    <li key={line}>
                      <bdi dir="ltr">{line}</bdi>
                    </li>
                  ))}
                </ul>
              )}
            </Section>
          </div>
        </div>
      )}
    </RecordPage>
  );
}

function NasFacts({ nas }: { nas: Nas }) {
  const { t } = useTranslation();
  return (
    <Facts>
      <Fact label={t('nas.columns.network')}>
        <bdi dir="ltr">{nas.network}</bdi>
      </Fact>
      {nas.identifier !== null && (
        <Fact label={t('nas.columns.identifier')}>
          <bdi dir="ltr">{nas.identifier}</bdi>
        </Fact>
      )}
      <Fact label={t('nas.columns.reauthorizes')}>{t(nas.reauthorizes ? 'customers.permit.yes' : 'customers.permit.no')}</Fact>
      {nas.interim_interval_seconds !== null && <Fact label={t('nas.columns.interim')}>{secondsText(t, nas.interim_interval_seconds)}</Fact>}
      <Fact label={t('nas.columns.message_authenticator')}>{t(nas.message_authenticator_required ? 'nas.required' : 'nas.notRequired')}</Fact>
      {nas.dynamic_authorization_port !== null && <Fact label={t('nas.port')}>{nas.dynamic_authorization_port}</Fact>}
      <Fact label={t('nas.columns.created')}>
        <MomentText moment={nas.created_at} />
      </Fact>
    </Facts>
  );
}
