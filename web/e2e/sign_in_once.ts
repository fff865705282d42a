// Owns the one sign-in that all browser tests share: signing in is rate limited, and rightly so. Does not own the tests
// of the sign-in page itself (session.test.ts).
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    baseUrl: string;
    login: string;
    password: string;
    sessionCookie: string;
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The browser tests need ${name}: the server to test, and who signs in there.`);
  return value;
}

export default async function signInOnce({ provide }: TestProject): Promise<void> {
  const baseUrl = required('TRUNKLINE_URL').replace(/\/$/, '');
  const login = required('TRUNKLINE_LOGIN');
  const password = required('TRUNKLINE_PASSWORD');
  const response = await fetch(`${baseUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  if (!response.ok) throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
  const cookie = response.headers.getSetCookie().find((one) => one.startsWith('trunkline_session='));
  const value = cookie?.split(';')[0]?.split('=')[1];
  if (!value) throw new Error('Signing in set no trunkline_session cookie.');
  provide('baseUrl', baseUrl);
  provide('login', login);
  provide('password', password);
  provide('sessionCookie', value);
}
