// Owns the Arabic words around statuses. Does not own the words for the statuses themselves (served.ts).
import type { Arabic } from '../dictionary';
import type { status as english } from '../english/status';

export const status: Arabic<typeof english> = {
  status: {
    column: 'الحالة',
    since: 'منذ',
    next: 'التالي',
    also: 'أيضًا',
    and: '، ',
    show: '{{label}}: إظهار السبب',
    action: {
      record_payment: 'تسجيل دفعة',
      lift: 'رفع حتى تاريخ',
      unblock: 'إلغاء الحظر',
      restore: 'استعادة',
    },
    legend: {
      button: 'دليل الحالات',
      title: 'معاني الحالات',
      introduction: 'قد تجتمع عدة حالات. تُعرض منها التي تأتي هنا أولًا؛ أما ما هو مسموح به فيتبع جميعها.',
      permits: 'ما تسمح به',
      permitsOf: 'ما تسمح به «{{label}}»',
      all: 'شرح جميع الحالات',
    },
  },
};
