import type { BodyOf } from '@argus/contract/endpoint-map';
import type { AuthProviderView, SettingsView as Settings } from '@argus/contract/endpoints/connection/setup';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { FormActions } from '../../../ui/form-actions.tsx';
import { useFormDraft } from '../../../ui/form-draft.ts';
import { CheckboxField, type FieldBinding, FormTextField, NumberField } from '../../../ui/form-field.tsx';
import { FormProblem } from '../../../ui/form-problem.tsx';
import { FormSection } from '../../../ui/form-section.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { QueryPage } from '../../../ui/query-page.tsx';
import { readWholeNumber } from '../../../ui/read-whole-number.ts';
import { useToast } from '../../../ui/toast-region.tsx';
import { UnsavedChanges } from '../../../ui/unsaved-changes.tsx';
import { useLoadLatest } from '../../../ui/use-load-latest.ts';
import { CoverageLine } from './coverage-line.tsx';
import { OriginMoveDialog } from './origin-move-dialog.tsx';
import { authProvidersQuery, mailUrlMoveQuery, settingsQuery, useSaveSettings } from './queries.ts';
import { SavedWarnings } from './saved-warnings.tsx';
import { ShortenRetention } from './shorten-retention.tsx';
import { useOriginMove } from './use-origin-move.ts';

/** 基本設定 */
export function SettingsView() {
  const words = useText('connection/setup').settings;
  const settings = useQuery(settingsQuery);
  return (
    <>
      <PageHeader title={words.title} icon={pages.settings.icon} note={words.note} />
      <QueryPage query={settings}>{(data) => <SettingsForm settings={data} />}</QueryPage>
    </>
  );
}

const numbers = [
  'mailCount',
  'refreshIntervalSeconds',
  'connectTimeoutSeconds',
  'totalTimeoutSeconds',
  'errorRetentionDays',
  'noSuccessHours',
] as const;

type Body = BodyOf<'PUT /api/admin/settings'>;

function toFields(settings: Settings) {
  return {
    mailUrl: settings.mailUrl,
    authProviderUrlSuffix: settings.authProviderUrlSuffix,
    mailCount: String(settings.mailCount),
    unreadOnly: settings.unreadOnly,
    previewEnabled: settings.previewEnabled,
    refreshIntervalSeconds: String(settings.refreshIntervalSeconds),
    connectTimeoutSeconds: String(settings.connectTimeoutSeconds),
    totalTimeoutSeconds: String(settings.totalTimeoutSeconds),
    errorRetentionDays: String(settings.errorRetentionDays),
    noSuccessHours: String(settings.noSuccessHours),
  };
}

function SettingsForm({ settings }: { settings: Settings }) {
  const words = useText('connection/setup').settings;
  const controls = useText('controls');
  const toast = useToast();
  const [params] = useQueryParams();
  const record = toFields(settings);
  const draft = useFormDraft(record, { version: settings.version, highlighted: params.field });
  const save = useSaveSettings();
  const latest = useLoadLatest(settingsQuery, (data) => {
    draft.rebase(toFields(data), data.version);
    save.reset();
  });

  const [shortening, setShortening] = useState<Body>();
  const move = useOriginMove({ saved: settings.mailUrl, urlOf: (body: Body) => body.mailUrl, query: mailUrlMoveQuery });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending || move.looking) return;
    const read = Object.fromEntries(numbers.map((name) => [name, readWholeNumber(draft.values[name])]));
    const wrong = numbers.filter((name) => read[name] === undefined);
    if (draft.refuse(Object.fromEntries(wrong.map((name) => [name, controls.wholeNumber])))) return;
    const body = { ...draft.values, ...(read as Record<(typeof numbers)[number], number>), version: draft.version };
    // An invalid value is left to the API, which refuses it; nothing is deleted.
    if (body.errorRetentionDays >= 1 && body.errorRetentionDays < settings.errorRetentionDays) setShortening(body);
    else move.begin(body, apply);
  };
  const apply = (body: Body) =>
    save.mutate(body, {
      onSuccess: (saved) => {
        move.close();
        draft.saved(toFields(saved), saved.version);
        toast(saved.warnings.length > 0 ? words.savedWithWarnings : controls.saved);
        if (saved.warnings.length > 0) window.scrollTo({ top: 0 });
      },
      onError: (error) => {
        move.close();
        draft.refuseBy(error);
      },
    });
  const restore = () => {
    draft.restore();
    save.reset();
  };
  return (
    <>
      <form ref={draft.formRef} className="argus-sheet" onSubmit={submit} noValidate>
        <UnsavedChanges dirty={draft.dirty} />
        <div className="argus-sheet__notices">
          <FormProblem error={save.error} fields={Object.keys(record)} latest={latest} rebased={draft.rebased} />
          <SavedWarnings title={words.warnings} warnings={settings.warnings} />
        </div>
        <FormSection title={words.connection}>
          <FormTextField
            {...draft.field('mailUrl')}
            label={words.mailUrl}
            help={words.mailUrlHelp}
            type="url"
            required
            below={
              draft.field('mailUrl').error ? null : (
                <CoverageLine
                  field="mailUrl"
                  url={draft.values.mailUrl}
                  onRepair={(mailUrl) => draft.change({ mailUrl })}
                />
              )
            }
          />
          <SuffixField
            binding={draft.field('authProviderUrlSuffix')}
            saved={settings.authProviderUrlSuffix}
            newTab={draft.dirty}
          />
        </FormSection>
        <FormSection title={words.display}>
          <NumberField
            {...draft.field('mailCount')}
            label={words.mailCount}
            help={words.mailCountHelp}
            unit={words.mailUnit}
            required
          />
          <CheckboxField {...draft.field('unreadOnly')} label={words.unreadOnly} />
          <CheckboxField {...draft.field('previewEnabled')} label={words.previewEnabled} help={words.previewHelp} />
          <NumberField
            {...draft.field('refreshIntervalSeconds')}
            label={words.refreshIntervalSeconds}
            help={words.refreshHelp}
            unit={words.seconds}
            required
          />
        </FormSection>
        <FormSection title={words.timeouts} note={words.timeoutsNote}>
          <NumberField
            {...draft.field('totalTimeoutSeconds')}
            label={words.totalTimeoutSeconds}
            unit={words.seconds}
            required
          />
          <NumberField
            {...draft.field('connectTimeoutSeconds')}
            label={words.connectTimeoutSeconds}
            help={words.connectHelp}
            unit={words.seconds}
            required
          />
        </FormSection>
        <FormSection title={words.watching} note={words.watchingNote}>
          <NumberField
            {...draft.field('errorRetentionDays')}
            label={words.errorRetentionDays}
            help={words.errorRetentionHelp}
            unit={words.days}
            required
          />
          <NumberField
            {...draft.field('noSuccessHours')}
            label={words.noSuccessHours}
            help={words.noSuccessHelp}
            unit={words.hours}
            required
          />
        </FormSection>
        <FormActions dirty={draft.dirty} busy={save.isPending || move.looking} onRestore={restore} />
      </form>
      {shortening ? (
        <ShortenRetention
          days={shortening.errorRetentionDays}
          onConfirm={() => {
            setShortening(undefined);
            move.begin(shortening, apply);
          }}
          onClose={() => setShortening(undefined)}
        />
      ) : null}
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

/** The suffix, with those of existing providers as suggestions, and the provider that it names. */
function SuffixField(props: { binding: FieldBinding<string>; saved: string; newTab: boolean }) {
  const { binding, saved, newTab } = props;
  const words = useText('connection/setup').settings;
  const providers = useQuery(authProvidersQuery).data?.items;
  return (
    <FormTextField
      {...binding}
      label={words.authProviderUrlSuffix}
      suggestions={(providers ?? []).map(({ urlSuffix, name }) => ({ value: urlSuffix, label: name }))}
      below={
        providers ? (
          <>
            <SuffixLine suffix={binding.value.trim()} providers={providers} newTab={newTab} />
            <SuffixChange from={saved} to={binding.value.trim()} providers={providers} />
          </>
        ) : null
      }
    />
  );
}

function SuffixLine(props: { suffix: string; providers: readonly AuthProviderView[]; newTab: boolean }) {
  const { suffix, providers, newTab } = props;
  const words = useText('connection/setup').settings;
  const link = (to: string, text: string) =>
    newTab ? (
      <a href={to} target="_blank" rel="noopener">
        {text}
      </a>
    ) : (
      <AppLink to={to}>{text}</AppLink>
    );
  const meant = providerOf(suffix, providers);
  if (meant) {
    return (
      <p className="argus-coverage argus-coverage_covered">
        <Icon name="utility:check" size="xx-small" tone="success" />
        <span>
          <bdi>{words.suffixUse(meant.name)}</bdi> {link(`${pages.authProviders.path}/${meant.id}`, words.openProvider)}
        </span>
      </p>
    );
  }
  return (
    <p className="argus-coverage argus-coverage_missing">
      <Icon name="utility:warning" size="xx-small" tone="warning" />
      <span>
        {providers.length === 0 ? words.suffixNone : suffix === '' ? null : <bdi>{words.suffixUnknown(suffix)}</bdi>}{' '}
        {providers.length === 0
          ? link(pages.newAuthProvider.path, words.createProvider)
          : link(pages.authProviders.path, words.openProviders)}
      </span>
    </p>
  );
}

/** As in Salesforce, suffixes are case-insensitive. */
function providerOf(suffix: string, providers: readonly AuthProviderView[]): AuthProviderView | undefined {
  return providers.find(({ urlSuffix }) => urlSuffix.toLowerCase() === suffix.toLowerCase());
}

/** Who is affected by another suffix: authorizations belong to a provider, and those at the old one become dormant. */
function SuffixChange(props: { from: string; to: string; providers: readonly AuthProviderView[] }) {
  const { from, to, providers } = props;
  const words = useText('connection/setup').settings;
  const current = providerOf(from, providers);
  if (!current || current.authorizedUsers === 0 || providerOf(to, providers) === current) return null;
  return (
    <p className="argus-coverage argus-coverage_missing">
      <Icon name="utility:warning" size="xx-small" tone="warning" />
      <bdi>{words.suffixStops(current.name, current.authorizedUsers)}</bdi>
    </p>
  );
}
