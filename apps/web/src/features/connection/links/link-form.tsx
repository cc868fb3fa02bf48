import { accountKey } from '@argus/contract/account-key';
import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { present } from '@argus/fields/present';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../../i18n/text-context.tsx';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { accountSuggestionsQuery } from '../../../queries/account-suggestions.ts';
import { Button } from '../../../ui/button.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { useFormDraft } from '../../../ui/form-draft.ts';
import { type FieldBinding, FormTextField } from '../../../ui/form-field.tsx';
import { FormModal } from '../../../ui/form-modal.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useLoadLatest } from '../../../ui/use-load-latest.ts';
import { latestLinkQuery, useChangeAccountLink, useCreateAccountLink } from './queries.ts';

const nothing = { username: '', microsoftAccount: '' };
const fieldsOf = ({ username, microsoftAccount }: AccountLinkView) => ({ username, microsoftAccount });

interface Person {
  readonly id: string;
  readonly username: string;
}

/** Whom the form is for, unless another name was typed: by then the name may be another's. */
function idOf(person: Person | undefined, typed: string) {
  return person?.username === typed ? person.id : undefined;
}

/** Adds a link, for a person if given, or changes a link's Microsoft 365 account. */
export function LinkForm(props: { link?: AccountLinkView; person?: Person; onClose: () => void }) {
  const { link, person, onClose } = props;
  const words = useText('connection/links');
  const controls = useText('controls');
  const toast = useToast();
  const draft = useFormDraft(link ? fieldsOf(link) : { ...nothing, username: person?.username ?? '' }, words, {
    version: link?.version ?? 0,
    focus: link || person ? 'microsoftAccount' : 'username',
  });
  const account = draft.field('microsoftAccount');
  const create = useCreateAccountLink();
  const change = useChangeAccountLink();
  const { error, isPending } = link ? change : create;
  const latest = useLoadLatest(latestLinkQuery(link), (now) => {
    change.reset();
    // Deleted meanwhile: there is nothing left to edit, and the table shows that.
    if (now === null) onClose();
    else draft.rebase(fieldsOf(now), now.version);
  });

  const submit = () => {
    const { username, microsoftAccount } = draft.values;
    const done = {
      onSuccess: () => {
        toast(link ? words.changed : words.created);
        onClose();
      },
      onError: draft.refuseBy,
    };
    if (link) change.mutate({ id: link.id, body: { microsoftAccount, version: draft.version } }, done);
    else create.mutate({ username, microsoftAccount, ...present({ accountId: idOf(person, username) }) }, done);
  };
  return (
    <FormModal
      title={link ? words.editTitle : words.newTitle}
      draft={draft}
      error={error}
      latest={link && latest}
      busy={isPending}
      action={link ? controls.save : words.create}
      onSubmit={submit}
      onClose={onClose}
    >
      {link ? <LinkedAccount link={link} /> : <UsernameField {...draft.field('username')} />}
      <FormTextField
        {...account}
        help={words.microsoftAccountHelp}
        type="email"
        required
        below={link ? <Spelling link={link} typed={account.value} onUse={account.onChange} /> : null}
      />
      {link && accountKey(account.value) !== accountKey(link.microsoftAccount) ? (
        <p className="argus-quiet">{words.editEffect}</p>
      ) : null}
    </FormModal>
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

function UsernameField(field: FieldBinding<string>) {
  const words = useText('connection/links');
  const q = useDebounced(field.value.trim(), 250);
  const suggestions = useQuery({ ...accountSuggestionsQuery(q), enabled: q !== '' });
  return (
    <FormTextField {...field} help={words.usernameHelp} type="email" required suggestions={suggestions.data ?? []} />
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
