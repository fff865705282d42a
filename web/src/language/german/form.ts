// Owns the German words of forms. Does not own how they are put together (index.ts).
import type { German } from '../dictionary';
import type { form as english } from '../english/form';

export const form: German<typeof english> = {
  form: {
    saving: 'Wird gespeichert…',
    save: 'Speichern',
    cancel: 'Abbrechen',
    empty: 'leer',
    fault: {
      required: 'Füllen Sie das aus.',
      no_amount: 'Schreiben Sie einen Betrag, mit dem Dezimalzeichen Ihrer Sprache.',
      no_count: 'Schreiben Sie eine ganze Zahl.',
      no_moment: 'Geben Sie Tag und Uhrzeit an.',
    },
    overtaken:
      'Jemand anderes hat das inzwischen geändert. Was Sie geschrieben haben, bleibt; sehen Sie es noch einmal an und speichern Sie dann.',
    now: '{{field}} ist jetzt: \u2068{{now}}\u2069.',
    nowButTyped: '{{field}} ist jetzt: \u2068{{now}}\u2069. Sie haben etwas anderes geschrieben.',
    leaveTitle: 'Ohne Speichern verlassen?',
    leaveDetail: 'Was Sie hier geschrieben haben, ist nicht gespeichert.',
    stay: 'Weiter bearbeiten',
    leave: 'Ohne Speichern verlassen',
  },
  lookup: { find: 'Zum Finden tippen', nothing: 'Nichts gefunden.', failed: 'Der Server antwortet nicht. Tippen Sie noch einmal.' },
};
