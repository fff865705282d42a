// Owns the Arabic words of making an account. Does not own how they are put together (index.ts).
import type { Arabic } from '../dictionary';
import type { customerAccount as english } from '../english/customer_account';

export const customerAccount: Arabic<typeof english> = {
  customerAccount: {
    open: 'إضافة حساب',
    title: 'حساب جديد',
    save: 'إضافة الحساب',
    done: 'أُضيف الحساب \u2068{{identity}}\u2069.',
    fields: {
      identity: 'المعرّف',
      model: 'النوع',
      opening_balance: 'الرصيد الافتتاحي بعملة {{currency}}',
      credit_limit: 'حد خاص بعملة {{currency}}',
      batch: 'الدفعة',
      inactive: 'غير مفعَّل حتى تفعيله',
      blocked: 'محظور',
    },
    help: {
      identity: 'رقم أو user@domain أو عنوان؛ لا يتكرر بين الحسابات.',
      credit_limit: 'فارغ: بقدر ما يسمح به حد العميل.',
    },
    models: { credit: 'دائن: ينفق مال العميل', debit: 'مدين: ينفق ماله الخاص' },
  },
};
