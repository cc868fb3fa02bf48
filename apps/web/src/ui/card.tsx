import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-names.ts';

/** An SLDS card: title (with an icon) and actions, a body, and a footer where there is one. */
export function Card(props: {
  title: ReactNode;
  icon?: IconName;
  headingLevel?: 1 | 2 | 3;
  actions?: ReactNode;
  footer?: ReactNode;
  /** Without padding, for lists and tables that reach the edges. */
  flush?: boolean;
  children: ReactNode;
}) {
  const { title, icon, headingLevel = 2, actions, footer, flush = false, children } = props;
  const Heading = `h${headingLevel}` as const;
  return (
    <article className="slds-card argus-card">
      <header className="slds-card__header argus-card__header">
        {icon ? (
          <span className="argus-card__icon">
            <Icon name={icon} tone="inverse" />
          </span>
        ) : null}
        <Heading className="slds-card__header-title argus-card__title">{title}</Heading>
        {actions ? <div className="argus-card__actions">{actions}</div> : null}
      </header>
      <div className={flush ? 'slds-card__body' : 'slds-card__body slds-card__body_inner'}>{children}</div>
      {footer ? <footer className="slds-card__footer argus-card__footer">{footer}</footer> : null}
    </article>
  );
}
