import type { UserView } from '@argus/contract/endpoints/users/users';
import { type FormEvent, useId } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useFormDraft } from '../../ui/form-draft.ts';
import { CheckboxField, FormTextField, PasswordField, SelectField } from '../../ui/form-field.tsx';
import { FormProblem } from '../../ui/form-problem.tsx';
import { Modal } from '../../ui/modal.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useLoadLatest } from '../../ui/use-load-latest.ts';
import { latestUserQuery, useChangeUser, useCreateUser } from './queries.ts';

function toFields(user: UserView | undefined) {
  return {
    displayName: user?.displayName ?? '',
    username: user?.username ?? '',
    role: user?.role ?? ('user' as 'user' | 'admin'),
    salesforceId: user?.salesforceId ?? '',
    active: user?.active ?? true,
    password: '',
  };
}

/** Creates or changes a user. Administrators can neither demote nor deactivate their own account. */
export function UserForm(props: { user?: UserView; self: string | undefined; onClose: () => void }) {
  const { user, self, onClose } = props;
  const words = useText('users');
  const controls = useText('controls');
  const { cancel } = useText('common');
  const toast = useToast();
  const formId = useId();
  const draft = useFormDraft(toFields(user), { version: user?.version ?? 0, focus: 'displayName' });
  const create = useCreateUser();
  const change = useChangeUser();
  const { error, isPending } = user ? change : create;
  const latest = useLoadLatest(latestUserQuery(user), (now) => {
    change.reset();
    if (now === null) onClose();
    else draft.rebase(toFields(now), now.version);
  });
  const own = user !== undefined && user.id === self;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending) return;
    const { password, active, ...rest } = draft.values;
    const salesforceId = rest.salesforceId.trim() === '' ? null : rest.salesforceId;
    const done = {
      onSuccess: () => {
        toast(user ? words.changed : words.created);
        onClose();
      },
      onError: draft.refuseBy,
    };
    if (user) change.mutate({ id: user.id, body: { ...rest, salesforceId, active, version: draft.version } }, done);
    else create.mutate({ ...rest, salesforceId, password }, done);
  };
  const endsSessions = user !== undefined && (draft.values.role !== user.role || (user.active && !draft.values.active));
  return (
    <Modal
      title={user ? words.editTitle : words.newTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" form={formId} variant="brand" busy={isPending}>
            {user ? controls.save : words.create}
          </Button>
        </>
      }
    >
      <form id={formId} ref={draft.formRef} onSubmit={submit} noValidate autoComplete="off">
        <FormProblem
          error={error}
          fields={Object.keys(draft.values)}
          rebased={draft.rebased}
          {...(user ? { latest } : {})}
        />
        {own ? <ScopedNotification kind="info">{words.ownAccount}</ScopedNotification> : null}
        <FormTextField
          {...draft.field('displayName')}
          label={words.displayName}
          help={words.displayNameHelp}
          required
        />
        <FormTextField
          {...draft.field('username')}
          label={words.username}
          help={words.usernameHelp}
          type="email"
          required
        />
        <SelectField
          {...draft.field('role')}
          label={words.role}
          disabled={own}
          options={[
            { value: 'user', label: words.roles.user },
            { value: 'admin', label: words.roles.admin },
          ]}
        />
        <FormTextField {...draft.field('salesforceId')} label={words.salesforceId} help={words.salesforceIdHelp} />
        {user ? (
          <CheckboxField {...draft.field('active')} label={words.active} help={words.activeHelp} disabled={own} />
        ) : (
          <PasswordField {...draft.field('password')} label={words.password} help={words.passwordHelp} required />
        )}
        {endsSessions ? <p className="argus-quiet">{words.sessionsEnd}</p> : null}
      </form>
    </Modal>
  );
}
