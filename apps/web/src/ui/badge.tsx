import type { ReactNode } from 'react';
import { Icon, type IconTone } from './icon.tsx';
import type { IconName } from './icon-names.ts';

export type BadgeKind = 'neutral' | 'success' | 'warning' | 'error';

const looks: Readonly<Record<BadgeKind, { className: string; icon?: IconName; tone?: IconTone }>> = {
  neutral: { className: 'argus-badge' },
  success: { className: 'argus-badge argus-badge_success', icon: 'utility:success', tone: 'success' },
  warning: { className: 'argus-badge argus-badge_warning', icon: 'utility:warning', tone: 'warning' },
  error: { className: 'argus-badge argus-badge_error', icon: 'utility:error', tone: 'error' },
};

/** A state in a word. Its icon conveys the same as its colour. */
export function Badge({ kind = 'neutral', children }: { kind?: BadgeKind; children: ReactNode }) {
  const { className, icon, tone } = looks[kind];
  return (
    <span className={className}>
      {icon && tone ? <Icon name={icon} size="xx-small" tone={tone} /> : null}
      {children}
    </span>
  );
}
