// Owns the English words for the few problems that the server words for programs. Does not own the others: in English the
// server's own sentences are shown.
export const served = {
  problem: {
    range_reversed: 'The end lies before the start.',
    not_shown_for_prepaid: 'Prepaid customers do not have this amount. Leave it empty, or ask for postpaid ones.',
    not_shown_for_postpaid: 'Postpaid customers do not have this amount. Leave it empty, or ask for prepaid ones.',
    sort_needs_filter: 'So many rows cannot be put in this order. Narrow them down with a filter or a search, or sort by another column.',
  },
} as const;
