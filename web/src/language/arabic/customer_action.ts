// Owns the Arabic words of what staff do to a customer. Does not own how they are put together (index.ts).
import type { Arabic } from '../dictionary';
import type { customerAction as english } from '../english/customer_action';

export const customerAction: Arabic<typeof english> = {
  customerAction: {
    menu: 'تغيير الحالة',
    open: {
      block: 'حظر…',
      unblock: 'إلغاء الحظر…',
      lift: 'رفع التعليق حتى…',
      terminate: 'إنهاء مؤقت…',
      hasten: 'تقديم الإغلاق…',
      close: 'إنهاء نهائي…',
      restore: 'استعادة…',
      record_payment: 'تسجيل دفعة…',
      delete: 'حذف…',
    },
    notNow: 'لا يمكن فعل هذا بالعميل في وضعه الحالي، أو أن دورك لا يشمله.',
    done: 'تم. الحالة الآن: {{status}}.',
    inherited: 'يتوقف معه كل عملاء هذا الموزّع.',
    fields: {
      comment: 'تعليق',
      until: 'آخر يوم بخدمة كاملة',
      closes_on: 'يُغلق في',
      action: 'ماذا',
      amount: 'المبلغ بعملة {{currency}}',
      visible_comment: 'تعليق يراه العميل',
      internal_comment: 'تعليق للموظفين',
    },
    help: {
      comment: 'يقرؤه الموظفون بجانب الحالة.',
      until: 'من اليوم إلى 90 يومًا، بتوقيت العميل (\u2068{{zone}}\u2069).',
      closes_on: 'إن تُرك فارغًا: بعد عدد الأيام الذي تحدده الفئة. يمكن أن يكون أبكر لا أبعد.',
      closesEarlier: 'قبل اليوم المحدد الآن.',
    },
    posting: {
      manual_payment: 'دفعة',
      manual_charge: 'رسم',
      manual_credit: 'رصيد مضاف',
      promotional_credit: 'رصيد ترويجي',
      refund: 'رد مبلغ',
    },
    record_payment: {
      open: 'تسجيل دفعة',
      title: 'تسجيل دفعة أو رسم أو رصيد مضاف',
      button: 'تسجيل',
      consequences: {
        payment: 'تغطي الدفعة أقدم فاتورة مفتوحة أولًا، وترفع في اللحظة نفسها ما تغطيه.',
        credit: 'الرصيد المضاف يخفض المستحق لكنه ليس دفعة: لا يغطي فاتورة ولا ينهي تعليقًا.',
        undone: 'لا يمكن سحبه لاحقًا؛ يُصحَّح الخطأ بقيد آخر.',
      },
      done: 'سُجِّل. الرصيد الآن \u2068{{balance}}\u2069.',
      donePrepaid: 'سُجِّل.',
      settled_zero: 'لم تُسدَّد فاتورة \u2068{{numbers}}\u2069.',
      settled_one: 'سُدِّدت الفاتورة \u2068{{numbers}}\u2069.',
      settled_two: 'سُدِّدت الفاتورتان \u2068{{numbers}}\u2069.',
      settled_few: 'سُدِّدت الفواتير \u2068{{numbers}}\u2069.',
      settled_many: 'سُدِّدت الفواتير \u2068{{numbers}}\u2069.',
      settled_other: 'سُدِّدت الفواتير \u2068{{numbers}}\u2069.',
    },
    block: {
      title: 'حظر \u2068{{name}}\u2069؟',
      button: 'حظر',
      consequences: {
        stops: 'تتوقف المكالمات والبيانات والرسائل والخدمة الذاتية فورًا. تبقى مكالمات الطوارئ ممكنة ما لم يمنعها هذا النظام.',
        goesOn: 'تستمر رسوم الاشتراك والأرقام، وتستمر الفواتير.',
        undone: 'يمكن التراجع في أي وقت: إلغاء الحظر.',
      },
    },
    unblock: {
      title: 'إلغاء حظر \u2068{{name}}\u2069؟',
      button: 'إلغاء الحظر',
      consequences: { begins: 'ينتهي الحظر فورًا.', stays: 'يبقى ما يقيّد العميل غير ذلك كما هو.' },
    },
    lift: {
      title: 'رفع تعليق \u2068{{name}}\u2069',
      button: 'رفع',
      consequences: {
        begins: 'تعود الخدمة كاملة حتى نهاية اليوم الذي تختاره. ويبقى الدين.',
        ends: 'بعد ذلك اليوم يُعلَّق العميل أو تُحدَّد خدمته من جديد، ما لم يدفع.',
        undone: 'يمكن رفعه من جديد، لا التراجع عنه قبل يومه.',
      },
    },
    terminate: {
      title: 'إنهاء \u2068{{name}}\u2069 مؤقتًا؟',
      button: 'إنهاء مؤقت',
      consequences: {
        stops: 'تتوقف كل الخدمات فورًا، ومنها مكالمات الطوارئ. تنتهي الرسوم وتصدر فاتورة أخيرة.',
        goesOn: 'يبقى بإمكان العميل الدخول ليدفع.',
        undone: 'يمكن التراجع حتى يوم الإغلاق: استعادة. وبعده يكون مغلقًا نهائيًا.',
      },
    },
    hasten: {
      title: 'إغلاق \u2068{{name}}\u2069 أبكر',
      button: 'تقديم',
      consequences: {
        ends: 'يُغلق العميل نهائيًا في اليوم الذي تختاره.',
        undone: 'يمكن تقديم اليوم مرة أخرى لا تأخيره. وحتى ذلك الحين يمكن استعادة العميل.',
      },
    },
    close: {
      title: 'إنهاء \u2068{{name}}\u2069 نهائيًا؟',
      button: 'إنهاء نهائي',
      consequences: {
        stops: 'تتوقف كل الخدمات فورًا، وتُغلق الحسابات.',
        goesOn: 'يبقى السجل؛ ولا يمكن فعل شيء به بعد ذلك، ولا حتى قبول دفعة.',
        undone: 'لا يمكن التراجع عن هذا.',
      },
    },
    restore_exported: {
      title: 'استعادة \u2068{{name}}\u2069 من النقل؟',
      button: 'استعادة',
      consequences: {
        begins: 'يعود العميل إلى العمل هنا. تأكد من أنه لا يعمل في مكان آخر أيضًا.',
        payments: 'تذهب الدفعات المنتظرة إلى الفواتير المفتوحة، الأقدم أولًا.',
      },
    },
    restore_provisionally_terminated: {
      title: 'استعادة \u2068{{name}}\u2069؟',
      button: 'استعادة',
      consequences: {
        begins: 'ينتهي الإنهاء فورًا، وتستمر الرسوم.',
        stays: 'الفاتورة التي لم تُدفع بعد تُبقي تقييدها أو تعليقها، ولا تنهي من جديد.',
      },
    },
    restore_blocked: {
      title: 'استعادة \u2068{{name}}\u2069؟',
      button: 'استعادة',
      consequences: { begins: 'ينتهي الحظر فورًا.' },
    },
    delete: {
      open: 'حذف',
      title: 'حذف \u2068{{name}}\u2069؟',
      button: 'حذف هذا العميل',
      consequences: {
        only: 'لا يُحذف إلا عميل بلا حسابات ولا سجلات xDR ولا فواتير ولا عملاء تابعين ولا رصيد.',
        undone: 'لا يمكن التراجع عن هذا.',
      },
      done: 'حُذف «\u2068{{name}}\u2069».',
    },
  },
};
