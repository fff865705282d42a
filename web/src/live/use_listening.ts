// Owns a connection for as long as a part of a page stands on the screen. Does not own the connection's life (listen.ts).
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { checkSession, useSession } from '../session/session';
import { listen, type Listening } from './listen';

/** Longer than it takes to press "next page" again. */
const SETTLED_MILLISECONDS = 250;

export interface Liveness {
  /** Since when nothing has been heard; `null`: what is shown is up to date. */
  staleSince: number | null;
  retry: () => void;
}

/** `wanted` names what is listened for, null nothing; another `round` begins anew, and is told everything again. */
export function useListening(wanted: string | null, round: unknown, take: Record<string, (told: unknown) => void>): Liveness {
  const client = useQueryClient();
  const { data: session } = useSession();
  const address = session?.hasEnded ? null : wanted;
  const [staleSince, setStaleSince] = useState<number | null>(null);
  const listening = useRef<Listening | null>(null);
  const onEvent = useEffectEvent((name: string, told: unknown) => take[name]?.(told));
  const names = Object.keys(take).join();
  useEffect(() => {
    if (address === null) return;
    const timer = setTimeout(() => {
      listening.current = listen(address, {
        events: Object.fromEntries(names.split(',').map((name) => [name, (told: unknown) => onEvent(name, told)])),
        onStale: setStaleSince,
        // Whoever is not signed in any more meets the sign-in page, and finds this view behind it.
        onRefused: () => void checkSession(client),
      });
    }, SETTLED_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      listening.current?.close();
      listening.current = null;
    };
  }, [address, round, names, client]);
  const retry = useCallback(() => listening.current?.retry(), []);
  return { staleSince: address === null ? null : staleSince, retry };
}
