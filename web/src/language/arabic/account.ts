// Owns the Arabic words of the lists of accounts and of xDRs. Does not own how they are put together (index.ts).
import type { Arabic } from '../dictionary';
import type { account as english } from '../english/account';

export const account: Arabic<typeof english> = {
  accounts: {
    title: 'الحسابات',
    search: 'البحث بمعرّف الحساب',
    state: 'الحالة الأساسية',
    states: { open: 'مفتوح', inactive: 'غير مفعّل', closed: 'مغلق', any: 'الكل، بما فيها المغلقة' },
    models: { debit: 'مدين', credit: 'دائن' },
    columns: {
      identity: 'معرّف الحساب',
      status: 'الحالة',
      customer: 'العميل',
      model: 'النوع',
      currency: 'العملة',
      balance: 'الرصيد',
      credit_limit: 'حد الائتمان',
      batch: 'الدفعة',
      last_used: 'آخر استخدام',
      created: 'تاريخ الإنشاء',
    },
    funds: 'المتبقي',
    owed: 'المستحق',
    noLimit: 'لا حد خاص به',
    empty: 'لا حسابات بعد',
    emptyDetail: 'تظهر هنا الحسابات التي تُضاف أو تُستورد.',
    noneFound: 'لا حساب مطابق',
    noneFoundDetail: 'غيّر البحث أو عوامل التصفية. تظهر الحسابات المغلقة عند طلبها.',
  },
  xdrs: {
    columns: {
      bill_time: 'وقت القيد',
      cld: 'إلى، أو ما هو',
      kind: 'النوع',
      customer: 'العميل',
      account: 'معرّف الحساب',
      cli: 'من',
      comment: 'تعليق',
      quantity: 'الكمية',
      amount: 'المبلغ',
      currency: 'العملة',
    },
    charged: 'المحمَّل',
    credited: 'المضاف',
    kinds: { charge: 'رسم', credit: 'إضافة', payment: 'دفعة', refund: 'استرداد' },
    empty: 'لا سجلات بعد',
    emptyDetail: 'يظهر هنا كل ما يُقيَّد أو يُضاف أو يُدفع.',
    noneFound: 'لا سجل مطابق',
    noneFoundDetail: 'غيّر عوامل التصفية.',
  },
};
