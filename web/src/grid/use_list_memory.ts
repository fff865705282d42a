// Owns what a list had on the screen when it was left: scroll, current row and ticked rows, by its address, so that the way back
// leads to all of it. Lives as long as the person is signed in. Does not own the view, which is the address itself.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { nothingPicked, type Picked } from './selection';

interface Left {
  top: number;
  current: number;
  picked: Picked;
}

const asNew: Left = { top: 0, current: 0, picked: nothingPicked };

export function useListMemory(name: string, href: string) {
  const client = useQueryClient();
  const keyOf = (of: string) => ['left', name, of];
  const [recalled] = useState(() => client.getQueryData<Left>(keyOf(href)) ?? asNew);
  useEffect(() => client.setQueryDefaults(['left'], { gcTime: Infinity }), [client]);
  const remember = useCallback(
    (part: Partial<Left>) =>
      client.setQueryData<Left>(['left', name, href], (before) => ({ ...(before ?? asNew), ...part })),
    [client, name, href],
  );
  return { recalled, remember };
}
