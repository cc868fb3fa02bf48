import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-names.ts';

/** Says that there is nothing to show, and what to do. */
export function EmptyState(props: { icon: IconName; title: string; text?: string; action?: ReactNode }) {
  const { icon, title, text, action } = props;
  return (
    <div className="argus-empty">
      <Icon name={icon} size="medium" tone="light" />
      <p className="argus-strong">{title}</p>
      {text ? <p className="argus-quiet">{text}</p> : null}
      {action}
    </div>
  );
}
