import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Icon, type IconTone } from './icon.tsx';
import type { IconName } from './icon-names.ts';

export type NoticeKind = 'info' | 'success' | 'warning' | 'error';

const looks: Readonly<Record<NoticeKind, { icon: IconName; tone: IconTone; className: string }>> = {
  info: { icon: 'utility:info', tone: 'brand', className: 'argus-notice_info' },
  success: { icon: 'utility:success', tone: 'success', className: 'argus-notice_success' },
  warning: { icon: 'utility:warning', tone: 'warning', className: 'argus-notice_warning' },
  error: { icon: 'utility:error', tone: 'error', className: 'argus-notice_error' },
};

/** A notice in place: a fault, a warning or a hint about its surroundings. Announced when it appears. */
export function ScopedNotification(props: { kind: NoticeKind; children: ReactNode; actions?: ReactNode }) {
  const { kind, children, actions } = props;
  const { kinds } = useText('common');
  const look = looks[kind];
  return (
    <div
      className={`slds-scoped-notification argus-notice ${look.className}`}
      role={kind === 'error' ? 'alert' : 'status'}
    >
      <Icon name={look.icon} tone={look.tone} label={kinds[kind]} />
      <div className="argus-notice__text">{children}</div>
      {actions ? <div className="argus-notice__actions">{actions}</div> : null}
    </div>
  );
}
