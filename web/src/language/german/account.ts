// Owns the German words of the lists of accounts and of xDRs. Does not own how they are put together (index.ts).
import type { German } from '../dictionary';
import type { account as english } from '../english/account';

export const account: German<typeof english> = {
  accounts: {
    title: 'Konten',
    search: 'Nach Kontokennung suchen',
    state: 'Zustand',
    states: { open: 'Offen', inactive: 'Inaktiv', closed: 'Geschlossen', any: 'Alle, auch geschlossene' },
    models: { debit: 'Guthaben', credit: 'Kredit' },
    columns: {
      identity: 'Kennung',
      status: 'Status',
      customer: 'Kunde',
      model: 'Art',
      currency: 'Währung',
      balance: 'Saldo',
      credit_limit: 'Kreditlimit',
      batch: 'Charge',
      last_used: 'Zuletzt benutzt',
      created: 'Angelegt',
    },
    funds: 'Guthaben',
    owed: 'Geschuldet',
    noLimit: 'Kein eigenes Limit',
    empty: 'Noch keine Konten',
    emptyDetail: 'Angelegte und importierte Konten erscheinen hier.',
    noneFound: 'Kein Konto passt',
    noneFoundDetail: 'Ändern Sie die Suche oder die Filter. Geschlossene zeigt der Filter nach Zustand.',
  },
  xdrs: {
    columns: {
      bill_time: 'Gebucht',
      cld: 'An, oder was es ist',
      kind: 'Art',
      customer: 'Kunde',
      account: 'Kennung',
      cli: 'Von',
      comment: 'Kommentar',
      quantity: 'Menge',
      amount: 'Betrag',
      currency: 'Währung',
    },
    charged: 'Belastet',
    credited: 'Gutgeschrieben',
    kinds: { charge: 'Belastung', credit: 'Gutschrift', payment: 'Zahlung', refund: 'Rückzahlung' },
    empty: 'Noch keine xDRs',
    emptyDetail: 'Was belastet, gutgeschrieben oder bezahlt wird, erscheint hier.',
    noneFound: 'Kein xDR passt',
    noneFoundDetail: 'Ändern Sie die Filter.',
  },
};
