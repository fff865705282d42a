// Owns the way out of a form that somebody gives up: back to where they came from. Does not own what they have typed
// (form/leave_guard.tsx).
import { useCanGoBack, useRouter } from '@tanstack/react-router';

/** To `list` where the form was opened by its address. */
export function useWayBack(list: string): () => void {
  const { history } = useRouter();
  const canGoBack = useCanGoBack();
  return () => (canGoBack ? history.back() : history.push(list));
}
