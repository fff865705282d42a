// Owns menus: a button or a place on the page, and the lines that drop down from it. Keys as everywhere: arrows, Home, End,
// Escape. Does not own what a line does.
import { Popover } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { Icon } from './icon';
import styles from './menu.module.css';

export interface MenuItem {
  label: string;
  /** A link to follow, or something to do. */
  href?: string;
  run?: () => void;
}

/** Within the page's main part, where those who go from landmark to landmark find it. */
const inMain = { target: '#content' };

interface MenuButtonProps {
  label: string;
  className?: string;
  items: MenuItem[];
  children?: ReactNode;
}

export function MenuButton({ label, className, items, children }: MenuButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover portalProps={inMain} opened={isOpen} onChange={setOpen} position="bottom-start" withRoles={false} returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={className}
          aria-haspopup="menu"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {children}
          <span>{label}</span>
          <Icon name="down" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu}>
        <MenuLines label={label} items={items} close={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface AnchoredMenuProps {
  anchor: HTMLElement;
  label: string;
  items: MenuItem[];
  close: () => void;
}

/** One menu for many buttons, such as those of 250 rows. Gives the focus back to its anchor. */
export function AnchoredMenu({ anchor, label, items, close }: AnchoredMenuProps) {
  const [place] = useState(() => anchor.getBoundingClientRect());
  const leave = () => {
    close();
    if (anchor.isConnected) anchor.focus();
  };
  return (
    <Popover portalProps={inMain} opened onChange={(isOpen) => !isOpen && leave()} position="bottom-end" withRoles={false} transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <span
          aria-hidden="true"
          className={styles.anchor}
          style={{ left: place.left, top: place.top, width: place.width, height: place.height }}
        />
      </Popover.Target>
      <Popover.Dropdown className={styles.menu}>
        <MenuLines label={label} items={items} close={leave} />
      </Popover.Dropdown>
    </Popover>
  );
}

function MenuLines({ label, items, close }: { label: string; items: MenuItem[]; close: () => void }) {
  const { history } = useRouter();
  const lines = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Where the library has put it by now; a frame later it would be seen without focus.
    lines.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, []);
  const follow = (event: MouseEvent, { href, run }: MenuItem) => {
    if (href !== undefined && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    close();
    run?.();
    if (href !== undefined) history.push(href, { from: history.location.href });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const all = Array.from(event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]'));
    const at = all.findIndex((one) => one === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Tab' || event.key === 'Escape') close();
    else if (next === undefined) return;
    else all[next % all.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={lines} role="menu" aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item) =>
        item.href === undefined ? (
          <button key={item.label} type="button" role="menuitem" tabIndex={-1} className={styles.line} onClick={(event) => follow(event, item)}>
            {item.label}
          </button>
        ) : (
          <a key={item.label} href={item.href} role="menuitem" tabIndex={-1} className={styles.line} onClick={(event) => follow(event, item)}>
            {item.label}
          </a>
        ),
      )}
    </div>
  );
}
