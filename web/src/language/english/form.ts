// Owns the English words that every form says. Does not own how they are put together (index.ts).
export const form = {
  form: {
    saving: 'Saving…',
    save: 'Save',
    cancel: 'Cancel',
    empty: 'empty',
    fault: {
      required: 'Fill this in.',
      no_amount: 'Write an amount, with the decimal separator of your language.',
      no_count: 'Write a whole number.',
      no_moment: 'Give a day and a time.',
    },
    overtaken: 'Somebody else has changed this meanwhile. What you typed is kept; look at it once more, then save again.',
    now: '{{field}} is now: \u2068{{now}}\u2069.',
    nowButTyped: '{{field}} is now: \u2068{{now}}\u2069. You have typed something else.',
    leaveTitle: 'Leave without saving?',
    leaveDetail: 'What you typed here has not been saved.',
    stay: 'Keep on editing',
    leave: 'Leave without saving',
  },
  lookup: { find: 'Type to find', nothing: 'Nothing found.', failed: 'The server gave no answer. Type again.' },
} as const;
