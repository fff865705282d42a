// Owns sending one write at a time, so that pressing a button twice, or again after no answer came, does it once.
// Does not own what is written.
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { newIdempotencyKey, request } from './client';

export interface Wish {
  method: 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
}

export function useWrite<Answer>(onDone: (answer: Answer) => void, onFailed?: (error: Error) => void) {
  const attempt = useRef<{ text: string; key: string } | null>(null);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ method, path, body }: Wish) => {
      const text = JSON.stringify([method, path, body]);
      // The same wish again, because no answer came: the server knows by the key whether it has been done.
      if (attempt.current?.text !== text) attempt.current = { text, key: newIdempotencyKey() };
      return request<Answer>(method, path, { body, idempotencyKey: attempt.current.key });
    },
    onSuccess: (answer) => {
      attempt.current = null;
      onDone(answer);
    },
    onError: onFailed,
  });
  const send = (wish: Wish) => {
    if (!isPending) mutate(wish);
  };
  return { send, isPending, error, reset };
}
