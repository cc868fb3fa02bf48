import type { BodyOf } from '@argus/contract/endpoint-map';
import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { Button } from '../../../ui/button.tsx';
import { CheckSaved, useCheckAfterSave } from '../../../ui/check-saved.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { type FormDraft, useFormDraft } from '../../../ui/form-draft.ts';
import { DateField, FormTextField, PasswordField, SelectField } from '../../../ui/form-field.tsx';
import { FormSection } from '../../../ui/form-section.tsx';
import { FormSheet } from '../../../ui/form-sheet.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useLoadLatest } from '../../../ui/use-load-latest.ts';
import { CoveredUrlField } from './covered-url-field.tsx';
import { EntraTemplate } from './entra-template.tsx';
import { OriginMoveDialog } from './origin-move-dialog.tsx';
import { originOf } from './origin-of.ts';
import { authProviderQuery, tokenEndpointMoveQuery, useSaveAuthProvider, useTryAuthProvider } from './queries.ts';
import { SavedWarnings } from './saved-warnings.tsx';
import { SecretState } from './secret-state.tsx';
import { useOriginMove } from './use-origin-move.ts';
import { useTrial } from './use-trial.tsx';

function toFields(provider: AuthProviderView | undefined) {
  return {
    name: provider?.name ?? '',
    urlSuffix: provider?.urlSuffix ?? '',
    consumerKey: provider?.consumerKey ?? '',
    consumerSecret: '',
    consumerSecretExpiresOn: provider?.consumerSecretExpiresOn?.replaceAll('-', '/') ?? '',
    authorizeEndpointUrl: provider?.authorizeEndpointUrl ?? '',
    tokenEndpointUrl: provider?.tokenEndpointUrl ?? '',
    issuer: provider?.issuer ?? '',
    defaultScopes: provider?.defaultScopes ?? '',
    resource: provider?.resource ?? '',
    clientAuthentication: provider?.clientAuthentication ?? ('body' as 'body' | 'header'),
  };
}
type Fields = ReturnType<typeof toFields>;

type Body = BodyOf<'POST /api/admin/auth-providers'>;

/** @param sendSecret whether to send the secret; otherwise the stored one stays */
function toBody(values: Fields, sendSecret: boolean): Body {
  const { consumerSecret, ...rest } = values;
  const orNull = (text: string) => (text.trim() === '' ? null : text);
  return {
    ...rest,
    consumerSecretExpiresOn: orNull(values.consumerSecretExpiresOn),
    issuer: orNull(values.issuer),
    resource: orNull(values.resource),
    ...(sendSecret ? { consumerSecret } : {}),
  };
}

/** The fields of a provider, named as in Salesforce; without `provider`, a new one. */
export function AuthProviderForm(props: {
  provider?: AuthProviderView;
  /** What stands above the fields. */
  first?: ReactNode;
  children?: ReactNode;
}) {
  const { provider, first, children } = props;
  const words = useText('connection/setup').providers;
  const controls = useText('controls');
  const toast = useToast();
  const navigate = useNavigate();
  const [{ field: highlighted }] = useQueryParams();
  const draft = useFormDraft(toFields(provider), words, { version: provider?.version ?? 0, highlighted });
  const isUnfinished = provider === undefined || provider.unfinished;
  const lacksSecret = isUnfinished && !provider?.consumerSecretSetAt;
  // A deep link to the secret opens it, as there is nothing else to do with it.
  const [changingSecret, setChangingSecret] = useState(highlighted === 'consumerSecret');
  const save = useSaveAuthProvider();
  const checked = useCheckAfterSave();
  const latest = useLoadLatest(authProviderQuery(provider?.id ?? ''), (data) => {
    draft.rebase(toFields(data), data.version);
    save.reset();
  });

  const id = provider?.id ?? '';
  const move = useOriginMove({
    saved: provider?.tokenEndpointUrl,
    urlOf: (body: Body) => body.tokenEndpointUrl,
    query: (url) => tokenEndpointMoveQuery(id, url),
  });
  const secretMoves = provider !== undefined && isSecretMoved(provider, draft.values.tokenEndpointUrl);
  const secretTyped = draft.values.consumerSecret !== '';

  const bodyOf = () => toBody(draft.values, secretTyped || (changingSecret && !lacksSecret && !secretMoves));
  const saveOf = (body: Body) => (provider ? { id, body: { ...body, version: draft.version } } : { body });
  const trial = useTrial({
    draft,
    trying: useTryAuthProvider(),
    save: () => saveOf(bodyOf()),
    onBegin: save.reset,
    busy: save.isPending || move.looking,
  });
  const submit = () => {
    const body = bodyOf();
    // The API reports the missing secret at its field, so nothing else is asked first.
    if (secretMoves && !secretTyped) apply(body);
    else move.begin(body, apply);
  };
  const apply = (body: Body) => {
    trial.reset();
    save.mutate(saveOf(body), {
      onSuccess: (saved) => {
        move.close();
        draft.saved(toFields(saved), saved.version);
        setChangingSecret(false);
        toast(saved.unfinished ? words.savedUnfinished : provider ? words.saved : words.created);
        window.scrollTo({ top: 0 });
        const open = (state = {}) =>
          void navigate({
            to: pages.authProvider.path,
            params: { id: saved.id },
            state: state as never,
            replace: true,
            ignoreBlocker: true,
          });
        // Another provider's secret is tried once it comes into use.
        if (saved.inUse) checked.check(provider ? undefined : open);
        else if (!provider) open();
      },
      onError: (error) => {
        move.close();
        draft.refuseBy(error);
      },
    });
  };
  const restore = () => {
    draft.restore();
    setChangingSecret(false);
    save.reset();
  };
  // The pressed button disappears: the focus moves to what replaced it.
  const changeSecret = () => {
    flushSync(() => setChangingSecret(true));
    draft.formRef.current?.querySelector<HTMLElement>('[name="consumerSecret"]')?.focus();
  };
  const keepSecret = () => {
    flushSync(() => {
      draft.change({ consumerSecret: '' });
      setChangingSecret(false);
    });
    draft.formRef.current?.querySelector<HTMLElement>('.argus-kept-secret button')?.focus();
  };
  return (
    <>
      <FormSheet
        draft={draft}
        error={trial.error ?? save.error}
        latest={provider && latest}
        notices={
          <>
            {trial.result}
            {provider ? (
              <>
                <CheckSaved error={checked.error} />
                <SavedWarnings title={words.warnings} warnings={provider.warnings} />
              </>
            ) : null}
          </>
        }
        changed={changingSecret}
        more={
          <>
            {trial.button}
            {isUnfinished ? (
              <Button onClick={() => apply({ ...bodyOf(), unfinished: true })} busy={save.isPending}>
                {words.keepUnfinished}
              </Button>
            ) : null}
          </>
        }
        busy={save.isPending || move.looking}
        saveLabel={provider ? controls.save : controls.create}
        onSubmit={submit}
        onRestore={restore}
      >
        {first}
        <Basics draft={draft} provider={provider}>
          {provider && !lacksSecret && !changingSecret && !secretMoves && !secretTyped ? (
            <KeptSecret provider={provider} onChange={changeSecret} />
          ) : (
            <PasswordField
              {...draft.field('consumerSecret')}
              help={words.consumerSecretHelp}
              required={secretMoves}
              below={secretMoves ? <SecretAnew origin={originOf(provider.tokenEndpointUrl)} /> : null}
              after={
                provider && !lacksSecret && !secretMoves ? (
                  <Button onClick={keepSecret}>{words.keepSecret}</Button>
                ) : null
              }
            />
          )}
        </Basics>
        <EntraTemplate existing={provider} onFill={draft.change} />
        <Endpoints draft={draft} secretMoves={secretMoves} />
        {children}
      </FormSheet>
      <OriginMoveDialog
        asked={move.asked}
        title={words.moveTitle}
        busy={save.isPending}
        onConfirm={apply}
        onClose={move.close}
      />
    </>
  );
}

function Basics(props: { draft: FormDraft<Fields>; provider: AuthProviderView | undefined; children: ReactNode }) {
  const { draft, provider, children } = props;
  const { field, values } = draft;
  const words = useText('connection/setup').providers;
  const suffix = values.urlSuffix.trim();
  const suffixChanged = provider !== undefined && suffix.toLowerCase() !== provider.urlSuffix.toLowerCase();
  const preview =
    provider === undefined && suffix !== '' ? `${location.origin}/services/authcallback/${suffix}` : undefined;
  return (
    <FormSection title={words.basics}>
      <FormTextField {...field('name')} required />
      <FormTextField
        {...field('urlSuffix')}
        help={words.suffixHelp}
        required
        below={
          suffixChanged ? <SuffixChange provider={provider} /> : preview ? <CallbackPreview url={preview} /> : null
        }
      />
      <FormTextField {...field('consumerKey')} help={words.consumerKeyHelp} required />
      {children}
      <DateField {...field('consumerSecretExpiresOn')} help={words.expiresHelp} />
    </FormSection>
  );
}

/** The address to register at Microsoft Entra, before there is a provider: its app needs it first. */
function CallbackPreview({ url }: { url: string }) {
  const words = useText('connection/setup').providers;
  return (
    <>
      <p>{words.callbackPreview}</p>
      <p className="argus-callback-preview">
        <span className="argus-code">{url}</span> <CopyButton text={url} label={words.copyCallbackUrl} />
      </p>
    </>
  );
}

/** What else must change with the suffix, and who is affected meanwhile. */
function SuffixChange({ provider }: { provider: AuthProviderView }) {
  const words = useText('connection/setup').providers;
  return (
    <>
      <p>{words.suffixChange}</p>
      {provider.inUse ? <p>{words.suffixChangeInUse(provider.authorizedUsers)}</p> : null}
    </>
  );
}

function Endpoints({ draft, secretMoves }: { draft: FormDraft<Fields>; secretMoves: boolean }) {
  const { field, values } = draft;
  const words = useText('connection/setup').providers;
  const rare = [field('issuer'), field('resource'), field('clientAuthentication')];
  const isUsed = values.issuer !== '' || values.resource !== '' || values.clientAuthentication !== 'body';
  const isMeant = rare.some(({ error, theirs, highlighted }) => error || theirs !== undefined || highlighted);
  return (
    <FormSection title={words.endpoints}>
      <FormTextField {...field('authorizeEndpointUrl')} help={words.authorizeHelp} type="url" required />
      <CoveredUrlField {...field('tokenEndpointUrl')} help={words.tokenHelp}>
        {secretMoves ? <p>{words.secretAnewAbove}</p> : null}
      </CoveredUrlField>
      <FormTextField {...field('defaultScopes')} help={words.scopesHelp} required={values.resource.trim() === ''} />
      <details className="argus-more-fields" open={isUsed || isMeant || undefined}>
        <summary>{words.moreFields}</summary>
        <FormTextField {...field('issuer')} help={words.issuerHelp} type="url" />
        <FormTextField {...field('resource')} help={words.resourceHelp} type="url" />
        <SelectField
          {...field('clientAuthentication')}
          options={[
            { value: 'body', label: words.inBody },
            { value: 'header', label: words.inHeader },
          ]}
        />
      </details>
    </FormSection>
  );
}

/** The stored secret was given for the former origin, and is sent nowhere else. */
function isSecretMoved(provider: AuthProviderView, tokenEndpointUrl: string): boolean {
  const to = originOf(tokenEndpointUrl);
  return provider.consumerSecretSetAt !== null && to !== undefined && to !== originOf(provider.tokenEndpointUrl);
}

function SecretAnew({ origin = '' }: { origin: string | undefined }) {
  const words = useText('connection/setup').providers;
  return (
    <p className="argus-coverage argus-coverage_missing">
      <Icon name="utility:warning" size="xx-small" tone="warning" />
      <span>{words.secretAnew(origin)}</span>
    </p>
  );
}

function KeptSecret({ provider, onChange }: { provider: AuthProviderView; onChange: () => void }) {
  const words = useText('connection/setup').providers;
  return (
    <fieldset className="slds-form-element argus-field">
      <legend className="slds-form-element__label">{words.consumerSecret}</legend>
      <div className="argus-kept-secret">
        <SecretState secret={provider} />
        <Button onClick={onChange}>{words.change}</Button>
      </div>
    </fieldset>
  );
}
