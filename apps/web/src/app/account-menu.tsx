import type { SessionView } from '@argus/contract/endpoints/accounts';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { useSignOut } from '../features/accounts/queries.ts';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { pages } from '../pages.ts';
import { Icon } from '../ui/icon.tsx';
import { ScopedNotification } from '../ui/scoped-notification.tsx';

/**
 * Name, role, password change and signing out, behind one button. A native popover, which the browser closes on
 * Escape and outside clicks.
 */
export function AccountMenu({ user }: { user: NonNullable<SessionView['user']> }) {
  const words = useText('shell');
  const language = useLanguage();
  const signIn = useText('accounts');
  const menuId = useId();
  const signOut = useSignOut();
  const close = () => document.getElementById(menuId)?.hidePopover();
  return (
    <>
      <button type="button" className="argus-account" popoverTarget={menuId}>
        <span className="slds-assistive-text">{words.accountMenu}</span>
        <span className="argus-account__initial" aria-hidden="true">
          {[...user.displayName][0]}
        </span>
        <span className="argus-account__name">{user.displayName}</span>
        <Icon name="utility:down" size="xx-small" />
      </button>
      <div id={menuId} popover="auto" className="argus-account-menu">
        <div className="argus-account-menu__who">
          <p className="argus-account-menu__name">{user.displayName}</p>
          <p className="argus-account-menu__username">{user.username}</p>
          <p>
            <span className="slds-badge">{words.roles[user.role]}</span>
          </p>
        </div>
        <ul>
          <li>
            <Link to={pages.account.path} className="argus-account-menu__item" onClick={close}>
              <Icon name={pages.account.icon} />
              {pages.account.title[language]}
            </Link>
          </li>
          <li>
            <button type="button" className="argus-account-menu__item" onClick={() => signOut.mutate()}>
              <Icon name="utility:logout" />
              {words.signOut}
            </button>
          </li>
        </ul>
        {signOut.isError ? <ScopedNotification kind="error">{signIn.signOutFailed}</ScopedNotification> : null}
      </div>
    </>
  );
}
