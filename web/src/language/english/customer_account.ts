// Owns the English words of giving a customer an account. Does not own how they are put together (index.ts).
export const customerAccount = {
  customerAccount: {
    open: 'Add account',
    title: 'New account',
    save: 'Add account',
    done: 'The account \u2068{{identity}}\u2069 has been added.',
    fields: {
      identity: 'ID',
      model: 'Type',
      opening_balance: 'Opening balance in {{currency}}',
      credit_limit: 'Own limit in {{currency}}',
      batch: 'Batch',
      inactive: 'Inactive until it is activated',
      blocked: 'Blocked',
    },
    help: {
      identity: 'A number, user@domain or address; unique among all accounts.',
      credit_limit: 'Empty: as far as the customer’s own goes.',
    },
    models: { credit: 'Credit: spends the customer’s money', debit: 'Debit: spends its own money' },
  },
} as const;
