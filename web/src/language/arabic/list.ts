// Owns the Arabic words of the lists of classes and of resellers. Does not own how they are put together (index.ts).
import type { Arabic } from '../dictionary';
import type { list as english } from '../english/list';

export const list: Arabic<typeof english> = {
  classes: {
    title: 'فئات العملاء',
    search: 'البحث بالاسم',
    add: 'إضافة فئة',
    customers: 'عملاء هذه الفئة',
    columns: {
      name: 'الاسم',
      currency: 'العملة',
      payment_terms_days: 'مهلة السداد',
      limit_after_days: 'التقييد بعد',
      suspend_after_days: 'التعليق بعد',
      terminate_after_days: 'الإنهاء بعد',
      close_after_days: 'الإغلاق بعد',
      suspend_on_insufficient_funds: 'التعليق عند نقص الرصيد',
      created: 'تاريخ الإنشاء',
    },
    days_zero: 'لا أيام',
    days_one: 'يوم واحد',
    days_two: 'يومان',
    days_few: '{{formatted}} أيام',
    days_many: '{{formatted}} يومًا',
    days_other: '{{formatted}} يوم',
    terms_zero: 'يُسدَّد عند الاستلام',
    terms_one: 'يُسدَّد خلال يوم واحد',
    terms_two: 'يُسدَّد خلال يومين',
    terms_few: 'يُسدَّد خلال {{formatted}} أيام',
    terms_many: 'يُسدَّد خلال {{formatted}} يومًا',
    terms_other: 'يُسدَّد خلال {{formatted}} يوم',
    empty: 'لا فئات بعد',
    emptyDetail: 'تظهر هنا الفئات التي تُضاف أو تُستورد. ينتمي كل عميل إلى فئة.',
    noneFound: 'لا فئة مطابقة',
    noneFoundDetail: 'لا فئة بهذا الاسم.',
  },
  resellers: {
    title: 'الموزّعون',
    add: 'إضافة موزّع',
    customers: 'عملاؤه',
    empty: 'لا موزّعين بعد',
    emptyDetail: 'يظهر هنا العملاء من نوع موزّع.',
    noneFound: 'لا موزّع مطابق',
    noneFoundDetail: 'غيّر البحث أو عوامل التصفية.',
  },
};
