// Owns the page on which a customer class is made. Does not own the fields (class_fields.ts).
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CustomerClass } from '../api/types';
import { useWayBack } from '../app/way_back';
import { useCurrencies } from '../customer/customer_choices';
import { givenOf } from '../form/field';
import { FormView } from '../form/form';
import { useForm } from '../form/use_form';
import { RecordPage } from '../page/page';
import page from '../page/page.module.css';
import { classFields, textsOfNewClass } from './class_fields';
import { Timeline } from './timeline';

export default function ClassNew() {
  const { t } = useTranslation();
  const { history } = useRouter();
  const cancel = useWayBack('/classes');
  const client = useQueryClient();
  const currencies = useCurrencies();
  const form = useForm<CustomerClass>({
    fields: () => classFields(t, currencies),
    stored: textsOfNewClass,
    wish: (texts, _changed, fields) => ({ method: 'POST', path: '/customer-classes', body: givenOf(fields, texts) }),
    onDone: (made) => {
      if (!made) return;
      client.setQueryData(['customer class', made.id], made);
      void client.invalidateQueries({ queryKey: ['list', 'classes'] });
      history.replace(`/classes/${made.id}`);
    },
  });
  return (
    <RecordPage title={t('customerClass.new.title')} list={{ path: '/classes', label: t('navigation.classes') }}>
      <div className={page.sheet}>
        <FormView form={form} label={t('customerClass.new.title')} save={t('customerClass.new.save')} cancel={cancel}>
          <Timeline texts={form.texts} />
        </FormView>
      </div>
    </RecordPage>
  );
}
