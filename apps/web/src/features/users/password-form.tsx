import type { UserView } from '@argus/contract/endpoints/users/users';
import { useText } from '../../i18n/text-context.tsx';
import { useFormDraft } from '../../ui/form-draft.ts';
import { PasswordField } from '../../ui/form-field.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useSetPassword } from './queries.ts';

/** Sets another user's password. */
export function PasswordForm({ user, onClose }: { user: UserView; onClose: () => void }) {
  const words = useText('users');
  const toast = useToast();
  const draft = useFormDraft({ password: '' }, words, { focus: 'password' });
  const save = useSetPassword();
  const submit = () =>
    save.mutate(
      { id: user.id, password: draft.values.password },
      {
        onSuccess: () => {
          toast(words.passwordSet);
          onClose();
        },
        onError: draft.refuseBy,
      },
    );
  return (
    <FormModal
      title={words.passwordTitle}
      lead={
        <>
          <p>
            <bdi className="argus-data">{words.passwordFor(user.displayName, user.username)}</bdi>
          </p>
          <p className="argus-quiet">{words.passwordEffect}</p>
        </>
      }
      draft={draft}
      error={save.error}
      busy={save.isPending}
      action={words.setPassword}
      onSubmit={submit}
      onClose={onClose}
    >
      {/* For password managers: whose password it is. */}
      <input type="text" autoComplete="username" value={user.username} readOnly hidden />
      <PasswordField {...draft.field('password')} help={words.passwordHelp} required />
    </FormModal>
  );
}
