// Owns keeping the page of a customer as the customer is: it is fetched anew when somebody or something has changed it. Does not own
// the connection (live/).
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Customer, CustomerRow } from '../api/types';
import type { Told } from '../live/live_rows';
import { useListening, type Liveness } from '../live/use_listening';
import { customerKey } from './customer';

/** Not while a part is being changed: what others do meanwhile is told at saving, where it can be compared in peace. */
export function useLiveCustomer(id: number, isEdited: boolean): Liveness & { isGone: boolean } {
  const client = useQueryClient();
  const isBehind = useRef(false);
  useEffect(() => {
    if (isEdited || !isBehind.current) return;
    isBehind.current = false;
    void client.invalidateQueries({ queryKey: customerKey(id) });
  }, [client, id, isEdited]);
  const [goneId, setGoneId] = useState<number | null>(null);
  const customers = (told: unknown) => {
    const { items, gone } = told as Told<CustomerRow>;
    if (gone.includes(id)) setGoneId(id);
    const [row] = items;
    const shown = client.getQueryData<Customer>(customerKey(id));
    if (!row || !shown || !isOther(row, shown)) return;
    if (isEdited) isBehind.current = true;
    else void client.invalidateQueries({ queryKey: customerKey(id) });
  };
  return { ...useListening(`/api/v1/live?customers=${id}`, id, { customers }), isGone: goneId === id };
}

/** Whatever changes what the page shows changes one of these. */
function isOther(row: CustomerRow, shown: Customer): boolean {
  const facts = ({ version, status, balance, available_funds }: CustomerRow | Customer) =>
    JSON.stringify([version, status, balance, available_funds]);
  return facts(row) !== facts(shown);
}
