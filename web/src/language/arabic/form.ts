// Owns the Arabic words of forms. Does not own how they are put together (index.ts).
import type { Arabic } from '../dictionary';
import type { form as english } from '../english/form';

export const form: Arabic<typeof english> = {
  form: {
    saving: 'جارٍ الحفظ…',
    save: 'حفظ',
    cancel: 'إلغاء',
    empty: 'فارغ',
    fault: {
      required: 'املأ هذا.',
      no_amount: 'اكتب مبلغًا، بالفاصلة العشرية للغتك.',
      no_count: 'اكتب عددًا صحيحًا.',
      no_moment: 'حدّد يومًا ووقتًا.',
    },
    overtaken: 'غيّر شخص آخر هذا في هذه الأثناء. ما كتبته محفوظ؛ راجعه مرة أخرى ثم احفظ.',
    now: '{{field}} الآن: \u2068{{now}}\u2069.',
    nowButTyped: '{{field}} الآن: \u2068{{now}}\u2069. وقد كتبت شيئًا آخر.',
    leaveTitle: 'المغادرة بلا حفظ؟',
    leaveDetail: 'ما كتبته هنا لم يُحفظ.',
    stay: 'متابعة التعديل',
    leave: 'المغادرة بلا حفظ',
  },
  lookup: { find: 'اكتب للبحث', nothing: 'لم يُعثر على شيء.', failed: 'لم يُجب الخادم. اكتب من جديد.' },
};
