// Owns the table of keys that work on the page as it is now. Does not own the keys (shortcuts.ts).
import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { openLegend } from '../status/legend';
import { useReturnFocus } from './return_focus';
import { useRegisteredShortcuts } from './shortcuts';
import styles from './app.module.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';

const isApple = /Mac|iP(hone|ad|od)/.test(navigator.userAgent);
const written: Record<string, string> = { 'Ctrl+K': isApple ? '⌘K' : 'Ctrl+K', ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc', ' ': 'Space' };

export default function KeyboardHelp({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const shortcuts = useRegisteredShortcuts();
  useReturnFocus();
  return (
    <Modal opened onClose={close} title={t('keyboard.title')} closeButtonProps={{ 'aria-label': t('grid.close') }}>
      <table className={styles.keys}>
        <thead className="for-screen-readers">
          <tr>
            <th scope="col">{t('keyboard.key')}</th>
            <th scope="col">{t('keyboard.action')}</th>
          </tr>
        </thead>
        <tbody>
          {shortcuts.map((shortcut) => (
            <tr key={shortcut.keys.join()}>
              <td>
                {shortcut.keys.map((keys) => (
                  <span key={keys} className={styles.key}>
                    {(keys === ' ' ? [keys] : keys.split(' ')).map((key) => (
                      <kbd key={key}>{written[key] ?? key}</kbd>
                    ))}
                  </span>
                ))}
              </td>
              <td>{shortcut.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button
        variant="default"
        size="xs"
        mt="md"
        onClick={() => {
          close();
          openLegend();
        }}
      >
        {t('status.legend.all')}
      </Button>
    </Modal>
  );
}
