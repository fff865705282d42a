// Owns the command palette: one field that leads to any page, to a customer, and to what can be done here. Does not own the pages
// (places.ts), what can be done (commands.ts), nor what a search finds.
import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useId, useState, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { CustomerRow } from '../api/types';
import { fetchCustomers } from '../customer/customer';
import { recentCustomers } from '../customer/recent';
import { intoSight, useActiveOption } from './active_option';
import { useRegisteredCommands } from './commands';
import { fitting } from './fuzzy';
import { Icon } from './icon';
import { usePlaces } from './places';
import { useReturnFocus } from './return_focus';
import styles from './palette.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';

const TYPING_PAUSE_MILLISECONDS = 200;
const CUSTOMERS_MAX = 8;
/** The server looks within texts from three characters on, at their start from two. */
const WITHIN_CHARACTERS_MIN = 3;
const START_CHARACTERS_MIN = 2;

interface Choice {
  key: string;
  label: string;
  detail?: string | null;
  run: () => void;
}

interface Group {
  title: string;
  choices: Choice[];
}

export default function CommandPalette({ login, close }: { login: string; close: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const found = useFoundCustomers(text);
  const groups = useGroups(text, login, found.customers);
  useReturnFocus();
  const take = (choice: Choice) => {
    // What it opens takes the focus, once this has given it back.
    flushSync(close);
    choice.run();
  };
  return (
    <Modal.Root opened onClose={close} size="lg" yOffset="10dvh">
      <Modal.Overlay />
      <Modal.Content aria-label={t('palette.title')}>
        <Modal.Body className={styles.palette}>
          <Choices text={text} setText={setText} groups={groups} take={take} />
          <p role="status" className={styles.status}>
            {found.isSearching ? t('palette.searching') : found.hasFailed ? t('palette.failed') : groups.length === 0 && t('palette.nothing')}
          </p>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

interface ChoicesProps {
  text: string;
  setText: (text: string) => void;
  groups: Group[];
  take: (choice: Choice) => void;
}

function Choices({ text, setText, groups, take }: ChoicesProps) {
  const { t } = useTranslation();
  const listId = useId();
  const all = groups.flatMap(({ choices }) => choices);
  const { active, setActive, walk } = useActiveOption(all.length, text, true);
  const onKeyDown = (event: KeyboardEvent) => {
    if (walk(event) || event.key !== 'Enter') return;
    event.preventDefault();
    const choice = all[active];
    if (choice) take(choice);
  };
  return (
    <>
      <TextInput
        // At once, not after the library's timeout: who opens it goes on typing.
        autoFocus
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={all[active] ? `${listId}-${active}` : undefined}
        aria-label={t('palette.field')}
        placeholder={t('palette.field')}
        leftSection={<Icon name="search" />}
        dir="auto"
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onKeyDown={onKeyDown}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div id={listId} role="listbox" aria-label={t('palette.title')} className={styles.list}>
        {groups.map(({ title, choices }) => (
          <div key={title} role="group" aria-label={title}>
            <p aria-hidden="true" className={styles.groupTitle}>
              {title}
            </p>
            {choices.map((choice) => {
              const index = all.indexOf(choice);
              return (
                <div
                  key={choice.key}
                  id={`${listId}-${index}`}
                  ref={intoSight(index === active)}
                  role="option"
                  aria-selected={index === active}
                  className={styles.choice}
                  onPointerMove={() => index === active || setActive(index)}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => take(choice)}
                >
                  <bdi>{choice.label}</bdi>
                  {choice.detail && <bdi className={styles.detail}>{choice.detail}</bdi>}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </>
  );
}

/** Pages and deeds come at once and keep their place; customers come below them when the server has found some. */
function useGroups(text: string, login: string, found: CustomerRow[]): Group[] {
  const { t } = useTranslation();
  const { history } = useRouter();
  const commands = useRegisteredCommands();
  const places = usePlaces();
  const [recent] = useState(() => recentCustomers(login));
  const go = (to: string) => () => history.push(to, { from: history.location.href });
  const pages = places.map(({ to, label }) => ({ key: to, label: t(label), run: go(to) }));
  const deeds = commands.map(({ label, run }) => ({ key: label, label, run }));
  const seen = recent.map(({ id, name }) => ({ key: `recent ${id}`, label: name, run: go(`/customers/${id}`) }));
  const byName = (choices: Choice[]) => fitting(choices, text, ({ label }) => label);
  return [
    { title: t('palette.recent'), choices: text.trim() === '' ? seen : [] },
    { title: t('palette.pages'), choices: byName(pages) },
    { title: t('palette.actions'), choices: byName(deeds) },
    { title: t('customers.title'), choices: found.map(({ id, name, email, phone }) => ({ key: String(id), label: name, detail: email ?? phone, run: go(`/customers/${id}`) })) },
  ].filter(({ choices }) => choices.length > 0);
}

function useFoundCustomers(text: string) {
  const wanted = text.trim();
  const [settled] = useDebouncedValue(wanted, TYPING_PAUSE_MILLISECONDS);
  const isLong = settled.length >= START_CHARACTERS_MIN;
  const { data, isFetching, isError } = useQuery({
    queryKey: ['palette', settled],
    queryFn: ({ signal }) => {
      const match = settled.length < WITHIN_CHARACTERS_MIN ? 'starts_with' : 'contains';
      const fields = 'name,company,contact,email,phone,login';
      return fetchCustomers({ search: settled, match, in: fields, limit: CUSTOMERS_MAX, total: 'none' }, signal);
    },
    enabled: isLong,
  });
  const customers = isLong && settled === wanted ? (data?.items ?? []) : [];
  const isSearching = wanted.length >= START_CHARACTERS_MIN && (isFetching || settled !== wanted);
  return { customers, isSearching, hasFailed: isError && !isSearching };
}
