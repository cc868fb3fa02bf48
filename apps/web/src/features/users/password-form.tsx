import type { UserView } from '@argus/contract/endpoints/users/users';
import { type FormEvent, useId } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useFormDraft } from '../../ui/form-draft.ts';
import { PasswordField } from '../../ui/form-field.tsx';
import { FormProblem } from '../../ui/form-problem.tsx';
import { Modal } from '../../ui/modal.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useSetPassword } from './queries.ts';

/** Sets another user's password. */
export function PasswordForm({ user, onClose }: { user: UserView; onClose: () => void }) {
  const words = useText('users');
  const { cancel } = useText('common');
  const toast = useToast();
  const formId = useId();
  const draft = useFormDraft({ password: '' }, { focus: 'password' });
  const save = useSetPassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
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
  };
  return (
    <Modal
      title={words.passwordTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" form={formId} variant="brand" busy={save.isPending}>
            {words.setPassword}
          </Button>
        </>
      }
    >
      <p>
        <bdi className="argus-data">{words.passwordFor(user.displayName, user.username)}</bdi>
      </p>
      <p className="argus-quiet">{words.passwordEffect}</p>
      <form id={formId} ref={draft.formRef} onSubmit={submit} noValidate>
        <FormProblem error={save.error} fields={['password']} />
        {/* Tells password managers whose password it is. */}
        <input type="text" autoComplete="username" value={user.username} readOnly hidden />
        <PasswordField {...draft.field('password')} label={words.password} help={words.passwordHelp} required />
      </form>
    </Modal>
  );
}
