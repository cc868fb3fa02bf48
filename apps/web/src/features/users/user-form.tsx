import type { UserView } from '@argus/contract/endpoints/users/users';
import { useText } from '../../i18n/text-context.tsx';
import { useFormDraft } from '../../ui/form-draft.ts';
import { CheckboxField, FormTextField, PasswordField, SelectField } from '../../ui/form-field.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useLoadLatest } from '../../ui/use-load-latest.ts';
import { latestUserQuery, useChangeUser, useCreateUser } from './queries.ts';

function toFields(user: UserView | undefined) {
  return {
    displayName: user?.displayName ?? '',
    reading: user?.reading ?? '',
    username: user?.username ?? '',
    role: user?.role ?? ('user' as 'user' | 'admin'),
    salesforceId: user?.salesforceId ?? '',
    active: user?.active ?? true,
    microsoftAccount: '',
    firstSignIn: 'invitation' as 'invitation' | 'password',
    password: '',
  };
}

/** Creates or changes a user. Administrators can neither demote nor deactivate their own account. */
export function UserForm(props: {
  user?: UserView;
  self: string | undefined;
  /** A new user waits for an invitation link. */
  onInvite?: (user: UserView) => void;
  onClose: () => void;
}) {
  const { user, self, onInvite, onClose } = props;
  const words = useText('users');
  const controls = useText('controls');
  const toast = useToast();
  const draft = useFormDraft(toFields(user), words, { version: user?.version ?? 0, focus: 'displayName' });
  const { field } = draft;
  const create = useCreateUser();
  const change = useChangeUser();
  const { error, isPending } = user ? change : create;
  const latest = useLoadLatest(latestUserQuery(user), (now) => {
    change.reset();
    if (now === null) onClose();
    else draft.rebase(toFields(now), now.version);
  });
  const own = user !== undefined && user.id === self;

  const submit = () => {
    const { password, active, microsoftAccount, firstSignIn, ...rest } = draft.values;
    const salesforceId = rest.salesforceId.trim() === '' ? null : rest.salesforceId;
    if (user) {
      const body = { ...rest, salesforceId, active, version: draft.version };
      const onSuccess = () => {
        toast(words.changed);
        onClose();
      };
      change.mutate({ id: user.id, body }, { onSuccess, onError: draft.refuseBy });
      return;
    }
    const isInvited = firstSignIn === 'invitation';
    const body = { ...rest, salesforceId, microsoftAccount, ...(isInvited ? {} : { password }) };
    create.mutate(body, {
      onError: draft.refuseBy,
      onSuccess: (created) => {
        toast(words.created);
        if (isInvited && onInvite) onInvite(created);
        else onClose();
      },
    });
  };
  const endsSessions = user !== undefined && (draft.values.role !== user.role || (user.active && !draft.values.active));
  return (
    <FormModal
      title={user ? words.editTitle : words.newTitle}
      draft={draft}
      error={error}
      latest={user && latest}
      busy={isPending}
      action={user ? controls.save : words.create}
      autoComplete="off"
      onSubmit={submit}
      onClose={onClose}
    >
      {own ? <ScopedNotification kind="info">{words.ownAccount}</ScopedNotification> : null}
      <FormTextField {...field('displayName')} help={words.displayNameHelp} required />
      <FormTextField {...field('reading')} help={words.readingHelp} />
      <FormTextField {...field('username')} help={words.usernameHelp} type="email" required />
      <SelectField
        {...field('role')}
        disabled={own}
        options={[
          { value: 'user', label: words.roles.user },
          { value: 'admin', label: words.roles.admin },
        ]}
      />
      {user ? null : <FormTextField {...field('microsoftAccount')} help={words.microsoftAccountHelp} type="email" />}
      <FormTextField {...field('salesforceId')} help={words.salesforceIdHelp} />
      {user ? (
        <CheckboxField {...field('active')} help={words.activeHelp} disabled={own} />
      ) : (
        <SelectField
          {...field('firstSignIn')}
          help={words.firstSignInHelp}
          options={[
            { value: 'invitation', label: words.firstSignIns.invitation },
            { value: 'password', label: words.firstSignIns.password },
          ]}
        />
      )}
      {!user && draft.values.firstSignIn === 'password' ? (
        <PasswordField {...field('password')} help={words.passwordHelp} required />
      ) : null}
      {endsSessions ? <p className="argus-quiet">{words.sessionsEnd}</p> : null}
    </FormModal>
  );
}
