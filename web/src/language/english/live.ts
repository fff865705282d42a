// Owns the English words of rows that update by themselves. Does not own how they are put together (index.ts).
export const live = {
  live: {
    stale: 'Not up to date since {{time}} – reconnecting',
    elsewhere_one: '{{formatted}} row has moved or gone',
    elsewhere_other: '{{formatted}} rows have moved or gone',
    reload: 'Show the list as it is now',
    changed_one: '{{formatted}} row has changed',
    changed_other: '{{formatted}} rows have changed',
    row: {
      elsewhere: 'Changed: the list has it elsewhere now, or no more',
      gone: 'Deleted',
    },
    deleted: 'This customer has been deleted.',
    viewChanged: '{{person}} has changed the view “\u2068{{name}}\u2069”. You still see it as it was.',
    viewGone: 'The view “\u2068{{name}}\u2069” has been deleted. What it shows stays open.',
  },
} as const;
