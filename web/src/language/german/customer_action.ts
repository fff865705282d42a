// Owns the German words of what staff do to a customer. Does not own how they are put together (index.ts).
import type { German } from '../dictionary';
import type { customerAction as english } from '../english/customer_action';

export const customerAction: German<typeof english> = {
  customerAction: {
    menu: 'Status ändern',
    open: {
      block: 'Sperren…',
      unblock: 'Entsperren…',
      lift: 'Aussetzung aufheben bis…',
      terminate: 'Vorläufig kündigen…',
      hasten: 'Schließung vorziehen…',
      close: 'Endgültig kündigen…',
      restore: 'Wiederherstellen…',
      record_payment: 'Zahlung erfassen…',
      delete: 'Löschen…',
    },
    notNow: 'Beim jetzigen Stand des Kunden geht das nicht, oder Ihre Rolle schließt es nicht ein.',
    done: 'Erledigt. Der Status ist jetzt: {{status}}.',
    inherited: 'Alle Kunden dieses Wiederverkäufers sind mit betroffen.',
    fields: {
      comment: 'Kommentar',
      until: 'Letzter Tag mit voller Leistung',
      closes_on: 'Wird geschlossen am',
      action: 'Was',
      amount: 'Betrag in {{currency}}',
      visible_comment: 'Kommentar, den der Kunde sieht',
      internal_comment: 'Kommentar für Mitarbeiter',
    },
    help: {
      comment: 'Mitarbeiter lesen ihn beim Status.',
      until: 'Von heute bis zu 90 Tage voraus, nach der Uhr des Kunden ({{zone}}).',
      closes_on: 'Leer: nach so vielen Tagen, wie die Klasse bestimmt. Früher geht, später nicht.',
      closesEarlier: 'Vor dem Tag, der jetzt gilt.',
    },
    posting: {
      manual_payment: 'Zahlung',
      manual_charge: 'Belastung',
      manual_credit: 'Gutschrift',
      promotional_credit: 'Werbegutschrift',
      refund: 'Erstattung',
    },
    record_payment: {
      open: 'Zahlung erfassen',
      title: 'Zahlung, Belastung oder Gutschrift erfassen',
      button: 'Erfassen',
      consequences: {
        payment: 'Eine Zahlung deckt zuerst die älteste offene Rechnung und hebt im selben Augenblick auf, was sie deckt.',
        credit: 'Eine Gutschrift senkt den Saldo, ist aber keine Zahlung: Sie deckt keine Rechnung und beendet keine Aussetzung.',
        undone: 'Sie kann später nicht zurückgenommen werden; ein Fehler wird durch eine weitere Buchung berichtigt.',
      },
      done: 'Erfasst. Der Saldo ist jetzt {{balance}}.',
      donePrepaid: 'Erfasst.',
      settled_one: 'Rechnung {{numbers}} ist bezahlt.',
      settled_other: 'Die Rechnungen {{numbers}} sind bezahlt.',
    },
    block: {
      title: '{{name}} sperren?',
      button: 'Sperren',
      consequences: {
        stops: 'Anrufe, Daten, Nachrichten und Selbstverwaltung enden sofort. Notrufe bleiben möglich, wenn diese Installation sie nicht ausschließt.',
        goesOn: 'Grund- und Rufnummerngebühren laufen weiter, und Rechnungen kommen weiterhin.',
        undone: 'Es kann jederzeit zurückgenommen werden: entsperren.',
      },
    },
    unblock: {
      title: '{{name}} entsperren?',
      button: 'Entsperren',
      consequences: {
        begins: 'Die Sperre endet sofort.',
        stays: 'Was den Kunden sonst einschränkt, bleibt, wie es ist.',
      },
    },
    lift: {
      title: 'Aussetzung von {{name}} aufheben',
      button: 'Aufheben',
      consequences: {
        begins: 'Bis zum Ende des gewählten Tages gibt es wieder volle Leistung. Die Schuld bleibt.',
        ends: 'Danach wird der Kunde wieder ausgesetzt oder eingeschränkt, wenn er nicht bezahlt hat.',
        undone: 'Es kann erneut aufgehoben, aber nicht vor seinem Tag zurückgenommen werden.',
      },
    },
    terminate: {
      title: '{{name}} vorläufig kündigen?',
      button: 'Vorläufig kündigen',
      consequences: {
        stops: 'Alle Dienste enden sofort, auch Notrufe. Die Gebühren enden, und eine letzte Rechnung wird gestellt.',
        goesOn: 'Der Kunde kann sich weiterhin anmelden, um zu bezahlen.',
        undone: 'Es kann bis zum Tag der Schließung zurückgenommen werden: wiederherstellen. Danach ist er endgültig geschlossen.',
      },
    },
    hasten: {
      title: '{{name}} früher schließen',
      button: 'Vorziehen',
      consequences: {
        ends: 'Der Kunde wird am gewählten Tag endgültig geschlossen.',
        undone: 'Der Tag kann noch einmal vorgezogen, aber nicht hinausgeschoben werden. Bis dahin kann der Kunde wiederhergestellt werden.',
      },
    },
    close: {
      title: '{{name}} endgültig kündigen?',
      button: 'Endgültig kündigen',
      consequences: {
        stops: 'Alle Dienste enden sofort, und die Konten werden geschlossen.',
        goesOn: 'Der Datensatz bleibt; es kann nichts mehr mit ihm getan werden, auch keine Zahlung angenommen.',
        undone: 'Das kann nicht zurückgenommen werden.',
      },
    },
    restore_exported: {
      title: '{{name}} aus der Übertragung zurückholen?',
      button: 'Wiederherstellen',
      consequences: {
        begins: 'Der Kunde ist hier wieder in Betrieb. Achten Sie darauf, dass er es nicht auch anderswo ist.',
        payments: 'Zahlungen, die gewartet haben, gehen an die offenen Rechnungen, die älteste zuerst.',
      },
    },
    restore_provisionally_terminated: {
      title: '{{name}} wiederherstellen?',
      button: 'Wiederherstellen',
      consequences: {
        begins: 'Die Kündigung endet sofort, und die Gebühren laufen weiter.',
        stays: 'Eine noch unbezahlte Rechnung behält ihre Einschränkung oder Aussetzung und kündigt nicht noch einmal.',
      },
    },
    restore_blocked: {
      title: '{{name}} wiederherstellen?',
      button: 'Wiederherstellen',
      consequences: { begins: 'Die Sperre endet sofort.' },
    },
    delete: {
      open: 'Löschen',
      title: '{{name}} löschen?',
      button: 'Diesen Kunden löschen',
      consequences: {
        only: 'Nur ein Kunde ohne Konten, xDRs, Rechnungen, eigene Kunden und Saldo kann gelöscht werden.',
        undone: 'Das kann nicht zurückgenommen werden.',
      },
      done: '„\u2068{{name}}\u2069“ ist gelöscht.',
    },
  },
};
