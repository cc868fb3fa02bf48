import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { ButtonIcon, Icon } from './icon.tsx';
import type { IconName } from './icon-names.ts';

export interface RowAction {
  readonly text: string;
  readonly icon: IconName;
  readonly onSelect: () => void;
  readonly destructive?: boolean;
}

/**
 * ⋮: the actions of one row, as a menu button (WAI-ARIA); with a `text`, a button of that name. Arrow keys, Home and
 * End move, Escape closes and returns the focus to the button. The native popover puts it on top and closes it on an
 * outside click.
 */
export function RowMenu(props: {
  label: string;
  actions: readonly RowAction[];
  text?: string;
  /** A note for all actions, above them. */
  note?: string | undefined;
}) {
  const { label, actions, text, note } = props;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [expanded, setExpanded] = useState(false);
  // Pressing the pointer closes an open menu before the click arrives, which must not reopen it.
  const openAtPress = useRef(false);

  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
  const show = () => {
    if (!menu.current || !button.current) return;
    menu.current.showPopover();
    place(menu.current, button.current);
    // The menu is fixed in the window; its row would scroll away from under it.
    window.addEventListener('scroll', () => menu.current?.hidePopover(), { once: true, capture: true });
    items()[0]?.focus();
  };
  const close = () => {
    menu.current?.hidePopover();
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const target = moves[event.key];
    if (target !== undefined) {
      event.preventDefault();
      all[(target + all.length) % all.length]?.focus();
    } else if (event.key === 'Tab' || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className={
          text === undefined
            ? 'slds-button slds-button_icon slds-button_icon-border-filled argus-row-menu__button'
            : 'slds-button slds-button_neutral'
        }
        aria-label={text === undefined ? label : undefined}
        title={text === undefined ? label : undefined}
        aria-haspopup="menu"
        aria-expanded={expanded}
        aria-controls={id}
        onPointerDown={() => {
          openAtPress.current = menu.current?.matches(':popover-open') ?? false;
        }}
        onClick={() => {
          if (openAtPress.current) close();
          else show();
          openAtPress.current = false;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          show();
        }}
      >
        {text === undefined ? (
          <Icon name="utility:threedots_vertical" size="xx-small" tone="current" />
        ) : (
          <>
            {text}
            <ButtonIcon name="utility:down" side="right" />
          </>
        )}
      </button>
      <div
        ref={menu}
        id={id}
        role="menu"
        tabIndex={-1}
        aria-label={label}
        aria-describedby={note ? `${id}-note` : undefined}
        popover="auto"
        className="argus-row-menu"
        onKeyDown={onKeyDown}
        onToggle={(event) => setExpanded(event.newState === 'open')}
      >
        {note ? (
          <p id={`${id}-note`} className="argus-row-menu__note">
            {note}
          </p>
        ) : null}
        {actions.map(({ text: name, icon, onSelect, destructive }) => (
          <button
            key={name}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={destructive ? 'argus-row-menu__item argus-row-menu__item_destructive' : 'argus-row-menu__item'}
            onClick={() => {
              close();
              onSelect();
            }}
          >
            <Icon name={icon} size="x-small" tone="current" />
            {name}
          </button>
        ))}
      </div>
    </>
  );
}

/** Below the button, right-aligned with it; above it where there is no room below. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + 4;
  const top = below + height > window.innerHeight ? Math.max(8, anchor.top - height - 4) : below;
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(8, anchor.right - width)}px`;
}
