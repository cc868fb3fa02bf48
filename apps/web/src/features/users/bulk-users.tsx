import type { UserView } from '@argus/contract/endpoints/users/users';
import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { BulkModal } from '../../ui/bulk-modal.tsx';
import { Button } from '../../ui/button.tsx';
import { ChosenRows } from '../../ui/chosen-rows.tsx';
import type { Selection } from '../../ui/selection.ts';
import { BulkInvitationDialog } from './bulk-invitation-dialog.tsx';
import { deleteUser, isUnused, setActive, useRefreshUsers } from './queries.ts';

interface Open {
  readonly kind: 'activate' | 'deactivate' | 'invite' | 'delete';
  readonly rows: readonly UserView[];
}

/** What can be done with the chosen users at once. */
export function BulkUsers({ selection, self }: { selection: Selection<UserView>; self: string | undefined }) {
  const words = useText('users');
  const { remove } = useText('controls');
  const [open, setOpen] = useState<Open | null>(null);
  const refresh = useRefreshUsers();
  const { rows } = selection;
  const others = rows.filter(({ id }) => id !== self);
  const active = others.filter((user) => user.active);
  const inactive = others.filter((user) => !user.active);
  const unused = others.filter(isUnused);
  const invitees = rows.filter((user) => user.active && !user.hasPassword);
  const close = () => {
    setOpen(null);
    selection.clear();
  };
  const isDeactivation = open?.kind === 'deactivate';
  return (
    <>
      <ChosenRows selection={selection}>
        {invitees.length > 0 ? (
          <Button icon="utility:link" onClick={() => setOpen({ kind: 'invite', rows: invitees })}>
            {words.issueInvitations}
          </Button>
        ) : null}
        {inactive.length > 0 ? (
          <Button onClick={() => setOpen({ kind: 'activate', rows: inactive })}>{words.activate}</Button>
        ) : null}
        {active.length > 0 ? (
          <Button onClick={() => setOpen({ kind: 'deactivate', rows: active })}>{words.deactivate}</Button>
        ) : null}
        {unused.length > 0 ? (
          <Button onClick={() => setOpen({ kind: 'delete', rows: unused })}>{words.removeUnused(unused.length)}</Button>
        ) : null}
      </ChosenRows>
      {open?.kind === 'invite' ? (
        <BulkInvitationDialog filter={{ q: '', role: undefined, todo: undefined, chosen: open.rows }} onClose={close} />
      ) : null}
      {open?.kind === 'delete' ? (
        <BulkModal
          title={words.bulk.deleteTitle}
          rows={open.rows}
          nameOf={({ displayName }) => displayName}
          action={{ label: remove, destructive: true, work: deleteUser }}
          onEnd={refresh}
          onClose={close}
        >
          <p>{words.bulk.deleteText(open.rows.length)}</p>
          <p>{words.bulk.deleteEffect}</p>
        </BulkModal>
      ) : null}
      {open?.kind === 'activate' || open?.kind === 'deactivate' ? (
        <BulkModal
          title={isDeactivation ? words.bulk.deactivateTitle : words.bulk.activateTitle}
          rows={open.rows}
          nameOf={({ displayName }) => displayName}
          action={{
            label: isDeactivation ? words.deactivate : words.activate,
            destructive: isDeactivation,
            work: (user) => setActive(user, !isDeactivation),
          }}
          undo={{
            label: isDeactivation ? words.bulk.undoDeactivate : words.bulk.undoActivate,
            work: (user) => setActive(user, isDeactivation),
          }}
          onEnd={refresh}
          onClose={close}
        >
          <p>
            {isDeactivation ? words.bulk.deactivateText(open.rows.length) : words.bulk.activateText(open.rows.length)}
          </p>
          {isDeactivation ? <p>{words.bulk.deactivateEffect}</p> : null}
          {isDeactivation && rows.length > others.length ? <p>{words.bulk.own}</p> : null}
        </BulkModal>
      ) : null}
    </>
  );
}
