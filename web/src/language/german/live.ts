// Owns the German words of rows that update by themselves. Does not own how they are put together (index.ts).
import type { German } from '../dictionary';
import type { live as english } from '../english/live';

export const live: German<typeof english> = {
  live: {
    stale: 'Stand von {{time}} – Verbindung wird aufgebaut',
    elsewhere_one: '{{formatted}} Zeile ist verschoben oder entfallen',
    elsewhere_other: '{{formatted}} Zeilen sind verschoben oder entfallen',
    reload: 'Liste neu laden',
    changed_one: '{{formatted}} Zeile hat sich geändert',
    changed_other: '{{formatted}} Zeilen haben sich geändert',
    row: {
      elsewhere: 'Geändert: steht in der Liste inzwischen woanders oder gar nicht mehr',
      gone: 'Gelöscht',
    },
    deleted: 'Dieser Kunde wurde gelöscht.',
    viewChanged: '{{person}} hat die Ansicht „\u2068{{name}}\u2069“ geändert. Sie sehen sie noch, wie sie war.',
    viewGone: 'Die Ansicht „\u2068{{name}}\u2069“ wurde gelöscht. Was sie zeigt, bleibt offen.',
  },
};
