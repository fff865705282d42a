// Owns the German words of a customer's page. Does not own how they are put together (index.ts).
import type { Dictionary } from '../dictionary';

export const customerPage: Dictionary = {
  customerPage: {
    title: 'Kunde',
    sections: { contact: 'Adresse und Kontakte', billing: 'Abrechnung', notes: 'Notizen', accounts: 'Konten' },
    restricts: 'Was diesen Kunden einschränkt',
    fields: {
      contact: 'Ansprechperson',
      bcc: 'Kopien an',
      fax: 'Fax',
      tax_id: 'Steuernummer',
      class_id: 'Klasse',
      credit_limit: 'Kreditlimit',
      temporary_limit: 'Befristetes Limit',
      billing_period: 'Abrechnungsperiode',
      time_zone: 'Zeitzone der Abrechnung',
      suspend_on_insufficient_funds: 'Wenn das Guthaben die Gebühren nicht deckt',
      reference: 'Referenz',
      login: 'Anmeldename der Selbstverwaltung',
    },
    period: {
      daily: 'Jeden Tag',
      weekly: 'Jede Woche',
      semimonthly: 'Zweimal im Monat',
      monthly: 'Jeden Monat',
      monthly_anniversary: 'Jeden Monat ab dem Tag der Anlage',
      thirty_days: 'Alle 30 Tage',
    },
    shortFunds: { null: 'Wie die Klasse bestimmt', true: 'Ausgesetzt', false: 'Nicht ausgesetzt' },
    until: 'bis',
    noLimit: 'Keines',
    noContact: 'Noch keine Adresse und keine Kontakte.',
    noNotes: 'Noch keine Notizen.',
    noAccounts: 'Noch keine Konten.',
    moreAccounts: 'Gezeigt werden die ersten {{count}}.',
    openingBalance: 'Anfangssaldo',
    unallocated: 'Noch nicht zugeordnete Zahlungen',
    invoices: 'Offene Rechnungen',
    invoice: { number: 'Rechnung', due: 'Fällig', total: 'Summe', outstanding: 'Offen' },
    account: { identity: 'Kennung', model: 'Art', debit: 'Guthabenkonto', credit: 'Kreditkonto' },
  },
};
