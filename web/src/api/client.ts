// Owns how a request leaves and how a failure comes back: cookies, idempotency keys, problems, aborts.
// Does not own which requests exist; each folder keeps its own.
import type { Problem } from './types';

/** Longer than any deadline of the server, so that it is the server that says what went wrong if it still can. */
const REQUEST_TIMEOUT_MILLISECONDS = 60_000;

/** The server answered, and the answer was a refusal or a failure of its own. */
export class ApiError extends Error {
  readonly problem: Problem;
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer at all: the network, a proxy, or a server that is down. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('The server gave no answer.', { cause });
    this.name = 'UnreachableError';
  }
}

export type Query = Record<string, string | number | undefined>;

interface RequestOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** Of a write that may have to be sent again after a lost answer; otherwise each has its own. */
  idempotencyKey?: string;
}

export async function request<Answer>(
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  { query, body, signal, idempotencyKey = newIdempotencyKey() }: RequestOptions = {},
): Promise<Answer> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  // A write that is sent twice, by a person or a proxy, must happen once.
  if (method !== 'GET') headers['Idempotency-Key'] = idempotencyKey;

  const response = await fetch(address(path, query), {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: 'same-origin',
    signal: withTimeout(signal),
  }).catch((cause: unknown) => {
    // A stop asked for by the person is not a failure; the caller tells them apart by the name.
    if (signal?.aborted) throw cause;
    throw new UnreachableError(cause);
  });

  if (!response.ok) throw await errorFrom(response);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

/** A file that takes as long as its rows do. */
export async function download(path: string, query: Query, signal: AbortSignal): Promise<Response> {
  const response = await fetch(address(path, query), { credentials: 'same-origin', signal }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new UnreachableError(cause);
  });
  if (!response.ok) throw await errorFrom(response);
  return response;
}

/** A file that is sent, however long it takes. */
export async function upload<Answer>(path: string, file: File, query: Query, idempotencyKey = newIdempotencyKey()): Promise<Answer> {
  const response = await fetch(address(path, query), {
    method: 'POST',
    // What a browser calls a CSV file depends on the programs beside it.
    headers: { Accept: 'application/json', 'Content-Type': 'text/csv', 'Idempotency-Key': idempotencyKey },
    body: file,
    credentials: 'same-origin',
  }).catch((cause: unknown) => {
    throw new UnreachableError(cause);
  });
  if (!response.ok) throw await errorFrom(response);
  return (await response.json()) as Answer;
}

/** Where a browser gets a file by itself. */
export function fileAddress(path: string, query: Query): string {
  return address(path, query);
}

/** `crypto.randomUUID` exists only behind TLS or on localhost, and an operator's first look is often plain HTTP. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function address(path: string, query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

function withTimeout(signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

async function errorFrom(response: Response): Promise<Error> {
  const retryAfter = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  const body: unknown = await response.json().catch(() => null);
  if (!isProblem(body)) {
    // Whatever stands between us and the server answered in its place.
    return new UnreachableError(`HTTP ${response.status}`);
  }
  return new ApiError(body, Number.isNaN(retryAfter) ? null : retryAfter);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
