// Owns the buttons at the head of a customer's page, and which dialog is open: the address says so. Does not own the
// dialogs (action_dialog.tsx).
import { Button, Menu } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../api/types';
import { Icon } from '../app/icon';
import { showNotice } from '../app/notices';
import type { AddressParameters } from '../grid/view_state';
import { usePermissions } from '../session/session';
import { actionTable, doings, isTerminated, offered, type Doing } from './customer_action';
import styles from './customer.module.css';
import '@mantine/core/styles/Menu.css';

const ActionDialog = lazy(() => import('./action_dialog'));

export function CustomerActions({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const may = usePermissions();
  const choices = offered(customer, may);
  const { doing, open, close } = useDoing();
  const group = useRef<HTMLDivElement>(null);
  const last = useRef<string | null>(null);
  const inPlace = (place: 'button' | 'status' | 'delete') => choices.filter((one) => actionTable[one].place === place);
  const isOffered = doing !== null && choices.includes(doing);
  // Taken at the first look: what is done in the dialog itself may end its being offered.
  const [begun, setBegun] = useState<Doing | null>(null);
  if (isOffered && begun !== doing) setBegun(doing);
  if (doing === null && begun !== null) setBegun(null);

  useEffect(() => {
    if (doing === null && last.current !== null) {
      const buttons = Array.from(group.current?.querySelectorAll('button') ?? []);
      // The button that opened it, or, where it is gone with what was done, the first there is.
      (buttons.find((one) => one.dataset.place === last.current) ?? buttons[0])?.focus();
    }
    last.current = doing === null ? null : actionTable[doing].place;
  }, [doing]);
  useEffect(() => {
    if (doing === null || isOffered || begun !== null) return;
    showNotice(t('customerAction.notNow'));
    close();
  }, [doing, isOffered, begun, close, t]);

  return (
    <div ref={group} className={styles.actions}>
      {inPlace('button').map((one) => (
        <Button key={one} data-place="button" onClick={() => open(one)}>
          {t('customerAction.record_payment.open')}
        </Button>
      ))}
      {inPlace('status').length > 0 && <StatusMenu customer={customer} choices={inPlace('status')} open={open} />}
      {inPlace('delete').map((one) => (
        <Button key={one} variant="default" data-place="delete" onClick={() => open(one)}>
          {t('customerAction.delete.open')}
        </Button>
      ))}
      {begun !== null && (
        <Suspense>
          <ActionDialog customer={customer} doing={begun} close={close} />
        </Suspense>
      )}
    </div>
  );
}

interface StatusMenuProps {
  customer: Customer;
  choices: Doing[];
  open: (doing: Doing) => void;
}

function StatusMenu({ customer, choices, open }: StatusMenuProps) {
  const { t } = useTranslation();
  const words = (one: Doing) => (one === 'terminate' && isTerminated(customer) ? 'hasten' : one);
  return (
    <Menu position="bottom-end" returnFocus portalProps={{ target: '#content' }} transitionProps={{ duration: 80 }} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" data-place="status" rightSection={<Icon name="down" />}>
          {t('customerAction.menu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label={t('customerAction.menu')}>
        {choices.map((one) => (
          <Menu.Item key={one} onClick={() => open(one)}>
            {t(`customerAction.open.${words(one)}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function useDoing() {
  const navigate = useNavigate();
  const { do: word }: AddressParameters = useSearch({ strict: false });
  const doing = doings.find((one) => one === word) ?? null;
  const go = (next: AddressParameters) => void navigate({ to: '.', search: next, replace: true, state: true });
  const goNow = useRef(go);
  useEffect(() => {
    goNow.current = go;
  });
  const [control] = useState(() => ({
    open: (next: Doing) => goNow.current({ do: next }),
    close: () => goNow.current({}),
  }));
  return { doing, ...control };
}
