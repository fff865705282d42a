// Owns the German words around statuses. Does not own the words for the statuses themselves (served.ts).
import type { German } from '../dictionary';
import type { status as english } from '../english/status';

export const status: German<typeof english> = {
  status: {
    column: 'Status',
    since: 'Seit',
    next: 'Danach',
    also: 'Auch',
    and: ', ',
    show: '{{label}}: Grund zeigen',
    action: {
      record_payment: 'Zahlung erfassen',
      lift: 'Aussetzen bis zu einem Tag',
      unblock: 'Entsperren',
      restore: 'Wiederherstellen',
    },
    legend: {
      button: 'Legende',
      title: 'Was die Status bedeuten',
      introduction:
        'Mehrere können zugleich gelten. Gezeigt wird der, der hier zuerst steht; was erlaubt ist, folgt aus allen zusammen.',
      permits: 'Was er erlaubt',
      permitsOf: 'Was „{{label}}“ erlaubt',
      all: 'Alle Status erklärt',
    },
  },
};
