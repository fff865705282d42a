// Owns the English words of statuses that the server does not word itself. Does not own how they are put together (index.ts).
export const status = {
  status: {
    column: 'Status',
    since: 'Since',
    next: 'Next',
    also: 'Also',
    /** Between two statuses that hold as well. */
    and: ', ',
    show: '{{label}}: show why',
    action: {
      record_payment: 'Record payment',
      lift: 'Lift until a date',
      unblock: 'Unblock',
      restore: 'Restore',
    },
    legend: {
      button: 'Legend',
      title: 'What the statuses mean',
      introduction: 'Several can hold at once. The one that stands first here is shown; what is permitted follows from all of them.',
      permits: 'What it permits',
      permitsOf: 'What “{{label}}” permits',
      all: 'All statuses explained',
    },
  },
} as const;
