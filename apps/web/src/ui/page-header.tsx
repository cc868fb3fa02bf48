import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-names.ts';

/**
 * The header of a page: its name (also in the tab's title), with its actions on the right. Receives the focus on
 * navigation.
 */
export function PageHeader(props: { title: string; icon: IconName; note?: ReactNode; actions?: ReactNode }) {
  const { title, icon, note, actions } = props;
  const { pageTitle } = useText('shell');
  return (
    <header className="slds-page-header argus-page-header">
      <title>{pageTitle(title)}</title>
      <span className="argus-card__icon argus-page-header__icon">
        <Icon name={icon} tone="inverse" size="small" />
      </span>
      <div className="argus-page-header__text">
        <h1 className="slds-page-header__title argus-page-header__title" tabIndex={-1}>
          {title}
        </h1>
        {note ? <p className="argus-page-header__note">{note}</p> : null}
      </div>
      {actions ? <div className="argus-page-header__actions">{actions}</div> : null}
    </header>
  );
}
