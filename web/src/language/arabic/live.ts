// Owns the Arabic words of rows that update by themselves. Does not own how they are put together (index.ts).
import type { Arabic } from '../dictionary';
import type { live as english } from '../english/live';

export const live: Arabic<typeof english> = {
  live: {
    stale: 'غير محدّث منذ {{time}} – جارٍ إعادة الاتصال',
    elsewhere_zero: 'لم يتغير مكان أي صف',
    elsewhere_one: 'تغيّر مكان صف واحد أو حُذف',
    elsewhere_two: 'تغيّر مكان صفين أو حُذفا',
    elsewhere_few: 'تغيّر مكان {{formatted}} صفوف أو حُذفت',
    elsewhere_many: 'تغيّر مكان {{formatted}} صفًا أو حُذفت',
    elsewhere_other: 'تغيّر مكان {{formatted}} صف أو حُذفت',
    reload: 'عرض القائمة كما هي الآن',
    changed_zero: 'لم يتغير أي صف',
    changed_one: 'تغيّر صف واحد',
    changed_two: 'تغيّر صفان',
    changed_few: 'تغيّرت {{formatted}} صفوف',
    changed_many: 'تغيّر {{formatted}} صفًا',
    changed_other: 'تغيّر {{formatted}} صف',
    row: {
      elsewhere: 'تغيّر: لم يعد مكانه في القائمة هنا',
      gone: 'محذوف',
    },
    deleted: 'حُذف هذا العميل.',
    viewChanged: 'غيّر \u2068{{person}}\u2069 طريقة العرض «\u2068{{name}}\u2069». ما زلت تراها كما كانت.',
    viewGone: 'حُذفت طريقة العرض «\u2068{{name}}\u2069». ما تعرضه يبقى مفتوحًا.',
  },
};
