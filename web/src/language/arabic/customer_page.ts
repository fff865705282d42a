// Owns the Arabic words of a customer's page. Does not own how they are put together (index.ts).
import type { Dictionary } from '../dictionary';

export const customerPage: Dictionary = {
  customerPage: {
    title: 'عميل',
    sections: { contact: 'العنوان وجهات الاتصال', billing: 'الفوترة', notes: 'ملاحظات', accounts: 'الحسابات' },
    restricts: 'ما يقيّد هذا العميل',
    fields: {
      contact: 'الشخص المسؤول',
      bcc: 'نسخ إلى',
      fax: 'الفاكس',
      tax_id: 'الرقم الضريبي',
      class_id: 'الفئة',
      credit_limit: 'حد الائتمان',
      temporary_limit: 'حد مؤقت',
      billing_period: 'فترة الفوترة',
      time_zone: 'المنطقة الزمنية للفوترة',
      suspend_on_insufficient_funds: 'حين لا تغطي الأموال الرسوم',
      reference: 'المرجع',
      login: 'اسم الدخول إلى الخدمة الذاتية',
    },
    period: {
      daily: 'كل يوم',
      weekly: 'كل أسبوع',
      semimonthly: 'مرتين في الشهر',
      monthly: 'كل شهر',
      monthly_anniversary: 'كل شهر من يوم الإنشاء',
      thirty_days: 'كل 30 يومًا',
    },
    shortFunds: { null: 'كما تقول الفئة', true: 'يُعلَّق', false: 'لا يُعلَّق' },
    until: 'حتى',
    noLimit: 'لا يوجد',
    noContact: 'لا عنوان ولا جهات اتصال بعد.',
    noNotes: 'لا ملاحظات بعد.',
    noAccounts: 'لا حسابات بعد.',
    moreAccounts: 'تُعرض أول {{count}}.',
    openingBalance: 'الرصيد الافتتاحي',
    unallocated: 'دفعات لم تُخصَّص بعد',
    invoices: 'الفواتير المفتوحة',
    invoice: { number: 'الفاتورة', due: 'تستحق', total: 'المجموع', outstanding: 'المتبقي' },
    account: { identity: 'المعرّف', model: 'النوع', debit: 'مدين', credit: 'دائن' },
  },
};
