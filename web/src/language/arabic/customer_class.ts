// Owns the Arabic words of a customer class. Does not own how they are put together (index.ts).
import type { Arabic } from '../dictionary';
import type { customerClass as english } from '../english/customer_class';

export const customerClass: Arabic<typeof english> = {
  customerClass: {
    title: 'فئة العملاء',
    new: { title: 'فئة عملاء جديدة', save: 'إنشاء الفئة' },
    saved: 'حُفظت الفئة.',
    anyCurrency: 'أي عملة',
    never: 'أبدًا',
    planned: 'يسري التغيير على الفواتير التي تصدر من الآن؛ أما الصادرة فتبقى خطواتها كما خُطِّط لها.',
    fields: {
      name: 'الاسم',
      currency: 'العملة',
      payment_terms_days: 'مهلة الدفع بالأيام',
      limit_after_days: 'تقييد الخدمة بعد أيام',
      suspend_after_days: 'التعليق بعد أيام',
      terminate_after_days: 'الإنهاء المؤقت بعد أيام',
      close_after_days: 'الإغلاق بعد الإنهاء المؤقت، بالأيام',
      suspend_on_insufficient_funds: 'التعليق حين لا تغطي الأموال الرسوم',
    },
    help: {
      name: 'لا يتكرر بين الفئات.',
      currency: 'إن رُبطت بعملة لم تقبل الفئة إلا العملاء بها. لا يمكن تغييرها لاحقًا.',
      payment_terms_days: 'عدد الأيام بعد الإصدار التي يمكن خلالها دفع الفاتورة في موعدها. 0: تستحق عند التسلّم.',
      limit_after_days: 'تُعدّ من اليوم الذي تتأخر فيه الفاتورة: خدمة أقل. فارغ: أبدًا.',
      suspend_after_days: 'تُعدّ كذلك: تتوقف الخدمة حتى تُدفع الفاتورة. فارغ: أبدًا.',
      terminate_after_days: 'تُعدّ كذلك: تتوقف كل الخدمات، ولا يستعيد إلا الموظفون. فارغ: أبدًا.',
      close_after_days: 'المدة التي يمكن فيها استعادة العميل بعد الإنهاء المؤقت؛ ثم يُغلق نهائيًا.',
      suspend_on_insufficient_funds: 'للعملاء مسبقي الدفع: حين لا تغطي الأموال رسوم الاشتراك. ويمكن أن يكون للعميل اختياره.',
    },
    timeline: 'ما يحدث لفاتورة لم تُدفع',
    noTimeline: 'يظهر حين تكون الأيام أعدادًا صحيحة.',
    day: 'اليوم {{day}}',
    steps: {
      issued: 'تصدر الفاتورة.',
      due: 'آخر يوم لدفعها في موعدها.',
      overdue: 'تصبح متأخرة.',
      limited: 'تُحدَّد الخدمة.',
      suspended: 'يُعلَّق العميل.',
      terminated: 'يُنهى العميل مؤقتًا.',
      closed: 'يُغلق العميل نهائيًا.',
    },
  },
};
