// Owns the page of a customer class: its settings, each with what it does, and what they mean for an unpaid invoice.
// Does not own the fields (class_fields.ts).
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import type { CustomerClass } from '../api/types';
import { showNotice } from '../app/notices';
import { bodyOf } from '../form/field';
import { FormView } from '../form/form';
import { useForm } from '../form/use_form';
import { Fact, Facts, PageFailed, PageSkeleton, RecordPage } from '../page/page';
import page from '../page/page.module.css';
import { usePermissions } from '../session/session';
import { classFields, textsOfClass } from './class_fields';
import { Timeline } from './timeline';

export default function ClassPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/classes/$id' });
  const may = usePermissions();
  // A form that has been saved begins anew.
  const [saves, setSaves] = useState(0);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['customer class', Number(id)],
    queryFn: ({ signal }) => request<CustomerClass>('GET', `/customer-classes/${id}`, { signal }),
  });
  return (
    <RecordPage
      title={data?.name ?? t('customerClass.title')}
      list={{ path: '/classes', label: t('navigation.classes') }}
      aside={data && <span className={page.quiet}>{data.currency ?? t('customerClass.anyCurrency')}</span>}
      isBusy={isFetching}
    >
      {!data && error && <PageFailed error={error} retry={() => void refetch()} />}
      {!data && !error && <PageSkeleton />}
      {data && (
        <div className={page.sheet}>
          {may('customer_class.write') ? (
            <ClassForm key={saves} one={data} onSaved={() => setSaves(saves + 1)} />
          ) : (
            <ClassFacts one={data} />
          )}
        </div>
      )}
    </RecordPage>
  );
}

function ClassForm({ one, onSaved }: { one: CustomerClass; onSaved: () => void }) {
  const { t } = useTranslation();
  const { history } = useRouter();
  const client = useQueryClient();
  const key = ['customer class', one.id];
  const fields = useMemo(() => classFields(t, null), [t]);
  const stored = useMemo(() => textsOfClass(one), [one]);
  const form = useForm<CustomerClass>({
    fields: () => fields,
    stored,
    wish: (texts, changed) => {
      if (changed.length === 0) return null;
      const body = bodyOf(fields.filter(({ name }) => changed.includes(name)), texts);
      return { method: 'PATCH', path: `/customer-classes/${one.id}`, body: { version: one.version, ...body } };
    },
    onDone: (answer) => {
      if (!answer) return;
      client.setQueryData(key, answer);
      void client.invalidateQueries({ queryKey: ['list', 'classes'] });
      showNotice(t('customerClass.saved'));
      onSaved();
    },
    onOvertaken: () => void client.invalidateQueries({ queryKey: key }),
  });
  return (
    <FormView form={form} label={one.name} save={t('form.save')} cancel={() => history.back()}>
      <p className={page.quiet}>{t('customerClass.planned')}</p>
      <Timeline texts={form.texts} />
    </FormView>
  );
}

/** For those whose role does not change classes. */
function ClassFacts({ one }: { one: CustomerClass }) {
  const { t } = useTranslation();
  const texts = textsOfClass(one);
  const shown = (takes: string, text: string) => {
    if (takes === 'yes_no') return t(text === 'true' ? 'customers.permit.yes' : 'customers.permit.no');
    return text === '' ? t('customerClass.never') : text;
  };
  return (
    <>
      <Facts>
        {classFields(t, null).map(({ name, label, takes }) => (
          <Fact key={name} label={label}>
            <bdi>{shown(takes, texts[name] ?? '')}</bdi>
          </Fact>
        ))}
      </Facts>
      <Timeline texts={texts} />
    </>
  );
}
