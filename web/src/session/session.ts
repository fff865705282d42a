// Owns who is signed in: asking, signing in and out, noticing that a session has ended. Does not own the page (sign_in.tsx).
import { MutationCache, QueryCache, QueryClient, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiError, request } from '../api/client';
import type { Permission, Session } from '../api/types';

export const sessionKey = ['session'];

/** `null`: nobody is signed in. */
export function useSession() {
  return useQuery({
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

/** Removes everything that was loaded, except who is signed in. */
export function forgetOthers(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
}

/** Any answer that says "not signed in" brings the sign-in page up; the address stays, so the view comes back. */
export function newQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isUnauthenticated(error)) client.setQueryData(sessionKey, null);
  };
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
