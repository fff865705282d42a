// Owns that the focus goes back to where it was when a dialog closes. Does not own keeping it inside while it is open; the
// component library does that. It also gives it back, but only from dialogs that were on the page before they opened.
import { useEffect, useState } from 'react';

export function useReturnFocus(): void {
  // Taken while the dialog is first drawn: by the time of the effects the focus is inside it.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    },
    [before],
  );
}
