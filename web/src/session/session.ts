// Owns who is signed in: asking, signing in and out, noticing that a session has ended. Does not own the page (sign_in.tsx).
import { MutationCache, QueryCache, QueryClient, notifyManager, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiError, request } from '../api/client';
import type { Permission, Session } from '../api/types';

const sessionKey = ['session'];

/** `hasEnded`: the server knows it no longer, and what is on the screen waits for the person to sign in again. */
export type KeptSession = Session & { hasEnded?: boolean };

/** `null`: nobody is signed in. */
export function useSession() {
  return useQuery<KeptSession | null>({
    queryKey: sessionKey,
    queryFn: ({ signal }) =>
      request<Session>('GET', '/session', { signal }).catch((error: unknown) => {
        if (isUnauthenticated(error)) return null;
        throw error;
      }),
    staleTime: Infinity,
  });
}

/** What the role of the signed-in person includes; nothing before it is known who asks. */
export function usePermissions(): (permission: Permission) => boolean {
  const { data } = useSession();
  const permissions = data?.permissions;
  return useCallback((permission) => permissions?.includes(permission) ?? false, [permissions]);
}

export function signIn(login: string, password: string): Promise<Session> {
  return request<Session>('POST', '/session', { body: { login, password } });
}

export function signOut(): Promise<void> {
  return request<void>('DELETE', '/session');
}

/** Somebody has signed in. The same person finds everything as it was, and what was asked in vain is asked again. */
export function enter(client: QueryClient, session: Session): void {
  const before = client.getQueryData<KeptSession | null>(sessionKey);
  // What one person has loaded, typed or looked at is not shown to the next, who starts anew.
  if (before && before.staff.login !== session.staff.login) {
    client.setQueryData(sessionKey, null);
    // Not before the page of the other is gone: a form on it would hold the browser back.
    setTimeout(() => window.location.replace('/'));
    return;
  }
  client.setQueryData<KeptSession>(sessionKey, session);
  void client.refetchQueries({ type: 'active', predicate: (query) => isUnauthenticated(query.state.error) });
}

/** The person goes: nothing of what was loaded stays. */
export function leave(client: QueryClient): void {
  client.setQueryData(sessionKey, null);
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
}

/** The server has ended the session. What was typed stays on the screen, behind the sign-in. */
export function endSession(client: QueryClient): void {
  client.setQueryData<KeptSession | null>(sessionKey, (session) => (session ? { ...session, hasEnded: true } : null));
}

/** Asks the server whether it still knows the session, and as whose: a role may have changed. No answer is no end of it. */
export async function checkSession(client: QueryClient): Promise<void> {
  try {
    client.setQueryData<KeptSession>(sessionKey, await request<Session>('GET', '/session'));
  } catch (error) {
    if (isUnauthenticated(error)) endSession(client);
  }
}

/** Any answer that says "not signed in" brings the sign-in up. */
export function newQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isUnauthenticated(error)) endSession(client);
  };
  // Before the browser draws again: a box that is ticked never looks unticked for a moment.
  notifyManager.setScheduler(queueMicrotask);
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // Trying again in silence hides trouble and doubles the load of a server in trouble; Retry is a button.
      queries: { retry: false, refetchOnWindowFocus: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === 'unauthenticated';
}
