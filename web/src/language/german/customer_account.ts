// Owns the German words of making an account. Does not own how they are put together (index.ts).
import type { German } from '../dictionary';
import type { customerAccount as english } from '../english/customer_account';

export const customerAccount: German<typeof english> = {
  customerAccount: {
    open: 'Konto hinzufügen',
    title: 'Neues Konto',
    save: 'Konto hinzufügen',
    done: 'Das Konto \u2068{{identity}}\u2069 ist hinzugefügt.',
    fields: {
      identity: 'Kennung',
      model: 'Art',
      opening_balance: 'Anfangssaldo in {{currency}}',
      credit_limit: 'Eigenes Limit in {{currency}}',
      batch: 'Charge',
      inactive: 'Inaktiv bis zur Aktivierung',
      blocked: 'Gesperrt',
    },
    help: {
      identity: 'Eine Nummer, benutzer@domain oder Adresse; unter allen Konten einmalig.',
      credit_limit: 'Leer: so weit, wie das des Kunden reicht.',
    },
    models: {
      credit: 'Kreditkonto: gibt das Geld des Kunden aus',
      debit: 'Guthabenkonto: gibt sein eigenes Geld aus',
    },
  },
};
