import { accountKey } from '@argus/contract/account-key';
import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { accountSuggestionsQuery } from '../../../queries/account-suggestions.ts';
import { Button } from '../../../ui/button.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { useFormDraft } from '../../../ui/form-draft.ts';
import { type FieldBinding, FormTextField } from '../../../ui/form-field.tsx';
import { FormProblem } from '../../../ui/form-problem.tsx';
import { Modal } from '../../../ui/modal.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useLoadLatest } from '../../../ui/use-load-latest.ts';
import { latestLinkQuery, useChangeAccountLink, useCreateAccountLink } from './queries.ts';

const nothing = { username: '', microsoftAccount: '' };
const fieldsOf = ({ username, microsoftAccount }: AccountLinkView) => ({ username, microsoftAccount });

/** Adds a link, or changes a link's Microsoft 365 account. */
export function LinkForm({ link, onClose }: { link?: AccountLinkView; onClose: () => void }) {
  const words = useText('connection/links');
  const controls = useText('controls');
  const { cancel } = useText('common');
  const toast = useToast();
  const formId = useId();
  const draft = useFormDraft(link ? fieldsOf(link) : nothing, {
    version: link?.version ?? 0,
    focus: link ? 'microsoftAccount' : 'username',
  });
  const create = useCreateAccountLink();
  const change = useChangeAccountLink();
  const { error, isPending } = link ? change : create;
  const latest = useLoadLatest(latestLinkQuery(link), (now) => {
    change.reset();
    // Deleted meanwhile: there is nothing left to edit, and the table shows that.
    if (now === null) onClose();
    else draft.rebase(fieldsOf(now), now.version);
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending) return;
    const { username, microsoftAccount } = draft.values;
    const done = {
      onSuccess: () => {
        toast(link ? words.changed : words.created);
        onClose();
      },
      onError: draft.refuseBy,
    };
    if (link) change.mutate({ id: link.id, body: { microsoftAccount, version: draft.version } }, done);
    else create.mutate({ username, microsoftAccount }, done);
  };
  return (
    <Modal
      title={link ? words.editTitle : words.newTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" form={formId} variant="brand" busy={isPending}>
            {link ? controls.save : words.create}
          </Button>
        </>
      }
    >
      <form id={formId} ref={draft.formRef} onSubmit={submit} noValidate>
        <FormProblem
          error={error}
          fields={Object.keys(nothing)}
          rebased={draft.rebased}
          {...(link ? { latest } : {})}
        />
        {link ? <LinkedAccount link={link} /> : <UsernameField binding={draft.field('username')} />}
        <FormTextField
          {...draft.field('microsoftAccount')}
          label={words.microsoftAccount}
          help={words.microsoftAccountHelp}
          type="email"
          required
          below={
            link ? (
              <Spelling
                link={link}
                typed={draft.values.microsoftAccount}
                onUse={(text) => draft.change({ microsoftAccount: text })}
              />
            ) : null
          }
        />
        {link && accountKey(draft.values.microsoftAccount) !== accountKey(link.microsoftAccount) ? (
          <p className="argus-quiet">{words.editEffect}</p>
        ) : null}
      </form>
    </Modal>
  );
}

/** Whose link is edited; a link's portal account cannot be changed. */
function LinkedAccount({ link }: { link: AccountLinkView }) {
  const words = useText('connection/links');
  return (
    <dl className="argus-modal-facts">
      <dt>{words.displayName}</dt>
      <dd>
        <DataText text={link.displayName} />
      </dd>
      <dt>{words.username}</dt>
      <dd>
        <DataText text={link.username} />
      </dd>
    </dl>
  );
}

function UsernameField({ binding }: { binding: FieldBinding<string> }) {
  const words = useText('connection/links');
  const q = useDebounced(binding.value.trim(), 250);
  const suggestions = useQuery({ ...accountSuggestionsQuery(q), enabled: q !== '' });
  return (
    <FormTextField
      {...binding}
      label={words.username}
      help={words.usernameHelp}
      type="email"
      required
      suggestions={suggestions.data ?? []}
    />
  );
}

/** The name of the account that really signed in, if spelled differently; one click adopts it. */
function Spelling(props: { link: AccountLinkView; typed: string; onUse: (text: string) => void }) {
  const { link, typed, onUse } = props;
  const words = useText('connection/links');
  const { authorizedAccount, hint } = link;
  if (authorizedAccount === null || authorizedAccount === typed.trim()) return null;
  return (
    <>
      {hint ? <p>{words.hints[hint]}</p> : null}
      <p>
        <bdi className="argus-data">{words.signedInAs(authorizedAccount)}</bdi>{' '}
        <Button variant="base" onClick={() => onUse(authorizedAccount)}>
          {words.useAuthorized}
        </Button>
      </p>
    </>
  );
}
