// Owns how well a few typed letters fit a name: its start, the start of a word, a part, or its letters in their order. Pure.
// Does not own which names there are (palette.tsx).

/** Null: does not fit. Lower is better. */
export function fit(typed: string, name: string): number | null {
  const wanted = plain(typed);
  const text = plain(name);
  if (wanted === '') return 0;
  if (text.startsWith(wanted)) return 0;
  if (text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) return 1;
  if (text.includes(wanted)) return 2;
  return isWithin(wanted, text) ? 3 : null;
}

/** The best first; those that fit alike stay as they were. */
export function fitting<Item>(items: readonly Item[], typed: string, nameOf: (item: Item) => string): Item[] {
  return items
    .flatMap((item) => {
      const rank = fit(typed, nameOf(item));
      return rank === null ? [] : [{ item, rank }];
    })
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

function isWithin(wanted: string, text: string): boolean {
  let at = -1;
  for (const letter of wanted) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** Without capitals and accents, which nobody types in a hurry. */
function plain(text: string): string {
  return text.trim().toLocaleLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}
