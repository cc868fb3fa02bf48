import type { UserView } from '@argus/contract/endpoints/users/users';
import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { FactList } from '../../ui/fact-list.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { InvitationDialog } from './invitation-dialog.tsx';
import { PasswordForm } from './password-form.tsx';
import { UserStatus } from './user-columns.tsx';
import { UserForm } from './user-form.tsx';

/** A user's account, and what an administrator can change in it. */
export function PersonAccount({ user, self }: { user: UserView; self: string | undefined }) {
  const words = useText('users');
  const { edit } = useText('controls');
  const [open, setOpen] = useState<'edit' | 'password' | 'invite' | null>(null);
  const close = () => setOpen(null);
  const none = <span className="argus-quiet">{words.none}</span>;
  const never = <span className="argus-quiet">{words.never}</span>;
  return (
    <Card
      title={words.person.account}
      icon="utility:user"
      footer={
        <span className="argus-record__actions">
          <Button onClick={() => setOpen('edit')}>{edit}</Button>
          {user.id === self ? (
            <AppLink to={pages.account.path} className="slds-button slds-button_neutral">
              {words.setPassword}
            </AppLink>
          ) : (
            <Button onClick={() => setOpen('password')}>{words.setPassword}</Button>
          )}
          {user.active && !user.hasPassword ? (
            <Button onClick={() => setOpen('invite')}>{words.issueInvitation}</Button>
          ) : null}
        </span>
      }
    >
      <FactList
        facts={[
          { name: words.displayName, value: <DataText text={user.displayName} /> },
          { name: words.reading, value: user.reading === '' ? none : <DataText text={user.reading} /> },
          { name: words.username, value: <DataText text={user.username} /> },
          { name: words.role, value: words.roles[user.role] },
          { name: words.status, value: <UserStatus user={user} /> },
          { name: words.salesforceId, value: user.salesforceId ?? none },
          {
            name: words.lastSignIn,
            value: user.lastSignInAt === null ? never : <RelativeTime at={user.lastSignInAt} />,
          },
        ]}
      />
      {open === 'edit' ? <UserForm user={user} onClose={close} self={self} /> : null}
      {open === 'password' ? <PasswordForm user={user} onClose={close} /> : null}
      {open === 'invite' ? <InvitationDialog user={user} onClose={close} /> : null}
    </Card>
  );
}
