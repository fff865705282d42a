// Owns the menu of saved views: applying, saving, renaming, sharing, deleting. Does not own the requests (use_saved_views.ts).
import { Button, Popover, TextInput } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useState, type FormEvent, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '../api/types';
import { Icon } from '../app/icon';
import choices from '../preferences/preferences.module.css';
import { useSession } from '../session/session';
import type { Layout } from './layout';
import type { List } from './use_list';
import { useChangeSavedViews, useSavedViews } from './use_saved_views';
import { lastingPart } from './view_state';
import shared from './grid.module.css';
import styles from './tools.module.css';

const NAME_CHARACTERS_MAX = 100;

interface SavedViewsProps<Row> {
  listName: string;
  list: List<Row>;
  layout: Layout;
}

export function SavedViews<Row>({ listName, list, layout }: SavedViewsProps<Row>) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { savedViewId } = list.view;
  const views = useSavedViews(listName, isOpen || savedViewId !== null);
  const current = views.find((view) => view.id === savedViewId);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.tool} data-on={current !== undefined || undefined} onClick={() => setOpen(!isOpen)}>
          <bdi className={styles.fieldsText}>{current?.name ?? t('views.button')}</bdi>
          <Icon name="down" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label={t('views.button')}>
        <Panel {...{ listName, list, layout, views, current }} close={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface PanelProps<Row> extends SavedViewsProps<Row> {
  views: SavedView[];
  current: SavedView | undefined;
  close: () => void;
}

function Panel<Row>({ listName, list, layout, views, current, close }: PanelProps<Row>) {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const { create, change, remove } = useChangeSavedViews(listName);
  const [renamed, setRenamed] = useState<number | null>(null);
  const { order, shown, widths } = layout;
  const now = {
    query: list.hrefOf(lastingPart(list.view)).slice(1),
    columns: order || shown || widths ? { order, shown, widths } : null,
  };
  const isChanged = current !== undefined && JSON.stringify([current.query, current.columns]) !== JSON.stringify([now.query, now.columns]);
  return (
    <>
      {views.length === 0 ? (
        <p className={styles.noOption}>{t('views.none')}</p>
      ) : (
        <ul className={styles.views} aria-label={t('views.button')}>
          {views.map((view) => (
            <li key={view.id} className={styles.view}>
              {renamed === view.id ? (
                <NameForm
                  label={t('views.newName')}
                  name={view.name}
                  save={(name) => {
                    change({ view, to: { name } });
                    setRenamed(null);
                  }}
                />
              ) : (
                <ViewLink view={view} isCurrent={view === current} close={close} />
              )}
              {view.owner.id === session?.staff.id ? (
                <span className={styles.viewTools}>
                  <label className={choices.choice}>
                    <input
                      type="checkbox"
                      checked={view.shared}
                      aria-label={t('views.shareOf', { name: view.name })}
                      onChange={(event) => change({ view, to: { shared: event.currentTarget.checked } })}
                    />
                    {t('views.shared')}
                  </label>
                  <Tool label={t('views.rename')} of={t('views.renameOf', { name: view.name })} run={() => setRenamed(view.id)} />
                  <Tool label={t('views.delete')} of={t('views.deleteOf', { name: view.name })} run={() => remove(view)} />
                </span>
              ) : (
                <span className={shared.quiet}>{t('views.of', { person: view.owner.name })}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {current && isChanged && (
        <Button size="xs" variant="default" onClick={() => change({ view: current, to: now })}>
          {t('views.update', { name: current.name })}
        </Button>
      )}
      <NameForm
        label={t('views.name')}
        name=""
        save={(name) =>
          create({ name, shared: false, ...now }, { onSuccess: (view) => list.change({ savedViewId: view.id }, 'replace') })
        }
      />
    </>
  );
}

interface ViewLinkProps {
  view: SavedView;
  isCurrent: boolean;
  close: () => void;
}

function ViewLink({ view, isCurrent, close }: ViewLinkProps) {
  const { history } = useRouter();
  const parameters = new URLSearchParams(view.query);
  parameters.set('view', String(view.id));
  const href = `?${parameters.toString().replaceAll('%2C', ',')}`;
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.push(window.location.pathname + href);
    close();
  };
  return (
    <a href={href} className={styles.viewLink} aria-current={isCurrent || undefined} onClick={follow}>
      <bdi>{view.name}</bdi>
    </a>
  );
}

function Tool({ label, of, run }: { label: string; of: string; run: () => void }) {
  return (
    <button type="button" className={shared.linkButton} aria-label={of} onClick={run}>
      {label}
    </button>
  );
}

function NameForm({ label, name, save }: { label: string; name: string; save: (name: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    save(text.trim());
    setText('');
  };
  return (
    <form className={styles.nameForm} onSubmit={submit}>
      <TextInput
        size="xs"
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={NAME_CHARACTERS_MAX}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" size="xs">
        {t('views.save')}
      </Button>
    </form>
  );
}
