import type { UserView } from '@argus/contract/endpoints/users/users';
import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { BulkModal } from '../../ui/bulk-modal.tsx';
import { Button } from '../../ui/button.tsx';
import { ChosenRows } from '../../ui/chosen-rows.tsx';
import type { Selection } from '../../ui/selection.ts';
import { BulkInvitationDialog } from './bulk-invitation-dialog.tsx';
import { setActive, useRefreshUsers } from './queries.ts';

/** What can be done with the chosen users at once. */
export function BulkUsers({ selection, self }: { selection: Selection<UserView>; self: string | undefined }) {
  const words = useText('users');
  const [open, setOpen] = useState<{ kind: 'activate' | 'deactivate' | 'invite'; rows: readonly UserView[] } | null>(
    null,
  );
  const refresh = useRefreshUsers();
  const { rows } = selection;
  const others = rows.filter(({ id }) => id !== self);
  const active = others.filter((user) => user.active);
  const inactive = others.filter((user) => !user.active);
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
      </ChosenRows>
      {open?.kind === 'invite' ? (
        <BulkInvitationDialog filter={{ q: '', role: undefined, todo: undefined, chosen: open.rows }} onClose={close} />
      ) : null}
      {open && open.kind !== 'invite' ? (
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
