// Owns the German words of a customer class. Does not own how they are put together (index.ts).
import type { German } from '../dictionary';
import type { customerClass as english } from '../english/customer_class';

export const customerClass: German<typeof english> = {
  customerClass: {
    title: 'Kundenklasse',
    new: { title: 'Neue Kundenklasse', save: 'Klasse anlegen' },
    saved: 'Die Klasse ist gespeichert.',
    anyCurrency: 'Jede Währung',
    never: 'Nie',
    planned:
      'Eine Änderung gilt für Rechnungen, die ab jetzt gestellt werden; die schon gestellten behalten ihre geplanten Schritte.',
    fields: {
      name: 'Name',
      currency: 'Währung',
      payment_terms_days: 'Zahlungsfrist in Tagen',
      limit_after_days: 'Einschränken nach Tagen',
      suspend_after_days: 'Aussetzen nach Tagen',
      terminate_after_days: 'Vorläufig kündigen nach Tagen',
      close_after_days: 'Schließen nach vorläufiger Kündigung, in Tagen',
      suspend_on_insufficient_funds: 'Aussetzen, wenn das Guthaben die Gebühren nicht deckt',
    },
    help: {
      name: 'Unter den Klassen einmalig.',
      currency: 'An eine gebunden, nimmt die Klasse nur Kunden in ihr. Kann später nicht geändert werden.',
      payment_terms_days: 'So viele Tage nach der Ausstellung kann eine Rechnung noch rechtzeitig bezahlt werden. 0: fällig bei Erhalt.',
      limit_after_days: 'Gezählt ab dem Tag, an dem die Rechnung überfällig ist: weniger Leistung. Leer: nie.',
      suspend_after_days: 'Ebenso gezählt: Die Dienste ruhen, bis die Rechnung bezahlt ist. Leer: nie.',
      terminate_after_days: 'Ebenso gezählt: Alle Dienste enden, und nur Mitarbeiter können wiederherstellen. Leer: nie.',
      close_after_days: 'So lange kann der Kunde nach einer vorläufigen Kündigung wiederhergestellt werden; dann ist er endgültig geschlossen.',
      suspend_on_insufficient_funds:
        'Für vorausbezahlte Kunden: wenn das Guthaben die Grundgebühren nicht deckt. Ein Kunde kann seine eigene Wahl haben.',
    },
    timeline: 'Was mit einer unbezahlten Rechnung geschieht',
    noTimeline: 'Wird gezeigt, wenn die Tage ganze Zahlen sind.',
    day: 'Tag {{day}}',
    steps: {
      issued: 'Die Rechnung wird gestellt.',
      due: 'Letzter Tag, um sie rechtzeitig zu bezahlen.',
      overdue: 'Sie ist überfällig.',
      limited: 'Die Leistung wird eingeschränkt.',
      suspended: 'Der Kunde wird ausgesetzt.',
      terminated: 'Der Kunde wird vorläufig gekündigt.',
      closed: 'Der Kunde wird endgültig geschlossen.',
    },
  },
};
