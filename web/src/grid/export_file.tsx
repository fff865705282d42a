// Owns exporting what a list shows to a file: which format, how far it is, stopping it. Does not own the file's content; the
// server writes it.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, type Query } from '../api/client';
import { failureOf } from '../api/failure';
import { useCommands } from '../app/commands';
import { MenuButton } from '../app/menu';
import { showNotice } from '../app/notices';
import { formatCount } from '../language/locale';
import type { GridColumn, ListDefinition } from './definition';
import type { List } from './use_list';
import { filterOfView, sortToText } from './view_state';
import shared from './grid.module.css';
import styles from './tools.module.css';

const formats = ['csv', 'xlsx'] as const;
type Format = (typeof formats)[number];

/** How often the page is told of the rows that have come. */
const TOLD_MILLISECONDS = 200;
const NEW_LINE = 10;

interface Progress {
  rows: number;
  /** `null` where the server does not say. */
  total: number | null;
}

interface ExportMenuProps<Row> {
  path: string;
  definition: ListDefinition<Row>;
  list: List<Row>;
  columns: GridColumn<Row>[];
}

export function ExportMenu<Row>({ path, definition, list, columns }: ExportMenuProps<Row>) {
  const { t } = useTranslation();
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef<AbortController | null>(null);
  // Whoever leaves the list does not wait for its file.
  useEffect(() => () => running.current?.abort(), []);

  const run = async (format: Format) => {
    const controller = new AbortController();
    running.current = controller;
    setProgress({ rows: 0, total: null });
    const query = {
      ...definition.always,
      ...filterOfView(list.view),
      sort: sortToText(list.view.sort),
      format,
      columns: columns.map((column) => column.id).join(','),
    };
    try {
      save(await receive(path, query, format, controller.signal, setProgress), `${definition.name}.${format}`);
    } catch (error) {
      if (controller.signal.aborted) showNotice(t('export.stopped'));
      else {
        const failure = failureOf(error instanceof Error ? error : new Error(String(error)), t);
        showNotice(`${failure.title}. ${failure.detail}`);
      }
    }
    setProgress(null);
  };
  useCommands(formats.map((format) => ({ label: `${t('export.button')}: ${t(`export.${format}`)}`, run: () => void run(format) })));
  if (progress) {
    const words = {
      rows: formatCount(progress.rows),
      total: progress.total === null ? '' : formatCount(progress.total),
    };
    const text = progress.total === null ? t('export.running') : t('export.progress', words);
    return (
      <span className={styles.export}>
        <progress aria-label={t('export.label')} value={progress.total === null ? undefined : progress.rows} max={progress.total ?? undefined} />
        <span>{text}</span>
        <button type="button" className={shared.linkButton} onClick={() => running.current?.abort()}>
          {t('export.stop')}
        </button>
      </span>
    );
  }
  return (
    <MenuButton
      label={t('export.button')}
      className={styles.tool}
      items={formats.map((format) => ({ label: t(`export.${format}`), run: () => void run(format) }))}
    />
  );
}

async function receive(
  path: string,
  query: Query,
  format: Format,
  signal: AbortSignal,
  tell: (progress: Progress) => void,
): Promise<Blob> {
  const response = await download(path, query, signal);
  const total = Number.parseInt(response.headers.get('trunkline-rows') ?? '', 10);
  const known = Number.isNaN(total) ? null : total;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let rows = 0;
  let told = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    parts.push(part.value);
    // A packed file does not show its rows.
    if (format === 'csv') for (const byte of part.value) if (byte === NEW_LINE) rows += 1;
    if (performance.now() - told < TOLD_MILLISECONDS) continue;
    told = performance.now();
    // The first line is the head, and a text may hold line ends of its own.
    tell({ rows: Math.min(Math.max(0, rows - 1), known ?? rows), total: format === 'csv' ? known : null });
  }
  return new Blob(parts, { type: response.headers.get('content-type') ?? '' });
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken hold of it by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
