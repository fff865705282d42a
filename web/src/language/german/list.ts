// Owns the German words of the lists of classes and of resellers. Does not own how they are put together (index.ts).
import type { German } from '../dictionary';
import type { list as english } from '../english/list';

export const list: German<typeof english> = {
  classes: {
    title: 'Kundenklassen',
    search: 'Nach Namen suchen',
    add: 'Klasse anlegen',
    customers: 'Kunden dieser Klasse',
    columns: {
      name: 'Name',
      currency: 'Währung',
      payment_terms_days: 'Zahlungsfrist',
      limit_after_days: 'Einschränken',
      suspend_after_days: 'Aussetzen',
      terminate_after_days: 'Vorläufig kündigen',
      close_after_days: 'Schließen',
      suspend_on_insufficient_funds: 'Aussetzen ohne Deckung',
      created: 'Angelegt',
    },
    days_one: '{{formatted}} Tag',
    days_other: '{{formatted}} Tage',
    terms_one: 'Zahlbar in {{formatted}} Tag',
    terms_other: 'Zahlbar in {{formatted}} Tagen',
    empty: 'Noch keine Kundenklassen',
    emptyDetail: 'Angelegte und importierte Klassen erscheinen hier. Jeder Kunde gehört zu einer.',
    noneFound: 'Keine Klasse passt',
    noneFoundDetail: 'Keine Klasse hat einen solchen Namen.',
  },
  resellers: {
    title: 'Wiederverkäufer',
    add: 'Wiederverkäufer anlegen',
    customers: 'Seine Kunden',
    empty: 'Noch keine Wiederverkäufer',
    emptyDetail: 'Kunden der Art Wiederverkäufer erscheinen hier.',
    noneFound: 'Kein Wiederverkäufer passt',
    noneFoundDetail: 'Ändern Sie die Suche oder die Filter.',
  },
};
