import type { BodyOf } from '@argus/contract/endpoint-map';
import type { AuthProviderView, SettingsView as Settings } from '@argus/contract/endpoints/connection/setup';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { MendedFor } from '../../../ui/check-mended.tsx';
import { CheckSaved, useCheckAfterSave } from '../../../ui/check-saved.tsx';
import { useFormDraft } from '../../../ui/form-draft.ts';
import { CheckboxField, type FieldBinding, FormTextField, NumberField } from '../../../ui/form-field.tsx';
import { FormSection } from '../../../ui/form-section.tsx';
import { FormSheet } from '../../../ui/form-sheet.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { QueryPage } from '../../../ui/query-page.tsx';
import { readWholeNumber } from '../../../ui/read-whole-number.ts';
import { useToast } from '../../../ui/toast-region.tsx';
import { useLoadLatest } from '../../../ui/use-load-latest.ts';
import { CoveredUrlField } from './covered-url-field.tsx';
import { OriginMoveDialog } from './origin-move-dialog.tsx';
import { authProvidersQuery, mailUrlMoveQuery, settingsQuery, useSaveSettings, useTrySettings } from './queries.ts';
import { SavedWarnings } from './saved-warnings.tsx';
import { ShortenRetention } from './shorten-retention.tsx';
import { useOriginMove } from './use-origin-move.ts';
import { useTrial } from './use-trial.tsx';

/** 基本設定 */
export function SettingsView() {
  const words = useText('connection/setup').settings;
  const settings = useQuery(settingsQuery);
  return (
    <>
      <PageHeader title={words.title} icon={pages.settings.icon} note={words.note} />
      <MendedFor />
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
    signInHelp: settings.signInHelp,
  };
}

function SettingsForm({ settings }: { settings: Settings }) {
  const words = useText('connection/setup').settings;
  const controls = useText('controls');
  const toast = useToast();
  const [params] = useQueryParams();
  const draft = useFormDraft(toFields(settings), words, { version: settings.version, highlighted: params.field });
  const { field } = draft;
  const save = useSaveSettings();
  const checked = useCheckAfterSave();
  const latest = useLoadLatest(settingsQuery, (data) => {
    draft.rebase(toFields(data), data.version);
    save.reset();
  });

  const [shortening, setShortening] = useState<Body>();
  const move = useOriginMove({ saved: settings.mailUrl, urlOf: (body: Body) => body.mailUrl, query: mailUrlMoveQuery });
  const readBody = (): Body | undefined => {
    const read = Object.fromEntries(numbers.map((name) => [name, readWholeNumber(draft.values[name])]));
    const wrong = numbers.filter((name) => read[name] === undefined);
    if (draft.refuse(Object.fromEntries(wrong.map((name) => [name, controls.wholeNumber])))) return undefined;
    return { ...draft.values, ...(read as Record<(typeof numbers)[number], number>), version: draft.version };
  };
  const trial = useTrial({
    draft,
    trying: useTrySettings(),
    save: readBody,
    onBegin: save.reset,
    busy: save.isPending || move.looking,
  });
  const submit = () => {
    const body = readBody();
    if (!body) return;
    trial.reset();
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
        const isElsewhere =
          saved.mailUrl !== settings.mailUrl || saved.authProviderUrlSuffix !== settings.authProviderUrlSuffix;
        if (isElsewhere) checked.check();
        if (isElsewhere || saved.warnings.length > 0) window.scrollTo({ top: 0 });
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
      <FormSheet
        draft={draft}
        error={trial.error ?? save.error}
        latest={latest}
        more={trial.button}
        notices={
          <>
            {trial.result}
            <CheckSaved error={checked.error} />
            <SavedWarnings title={words.warnings} warnings={settings.warnings} />
          </>
        }
        busy={save.isPending || move.looking}
        onSubmit={submit}
        onRestore={restore}
      >
        <FormSection title={words.connection}>
          <CoveredUrlField {...field('mailUrl')} help={words.mailUrlHelp} />
          <SuffixField
            binding={field('authProviderUrlSuffix')}
            saved={settings.authProviderUrlSuffix}
            newTab={draft.dirty}
          />
        </FormSection>
        <FormSection title={words.display}>
          <NumberField {...field('mailCount')} help={words.mailCountHelp} unit={words.mailUnit} required />
          <CheckboxField {...field('unreadOnly')} />
          <CheckboxField {...field('previewEnabled')} help={words.previewHelp} />
          <NumberField {...field('refreshIntervalSeconds')} help={words.refreshHelp} unit={words.seconds} required />
        </FormSection>
        <FormSection title={words.signIn}>
          <FormTextField {...field('signInHelp')} help={words.signInHelpHelp} maxLength={200} />
        </FormSection>
        <FormSection title={words.timeouts} note={words.timeoutsNote}>
          <NumberField {...field('totalTimeoutSeconds')} unit={words.seconds} required />
          <NumberField {...field('connectTimeoutSeconds')} help={words.connectHelp} unit={words.seconds} required />
        </FormSection>
        <FormSection title={words.watching} note={words.watchingNote}>
          <NumberField {...field('errorRetentionDays')} help={words.errorRetentionHelp} unit={words.days} required />
          <NumberField {...field('noSuccessHours')} help={words.noSuccessHelp} unit={words.hours} required />
        </FormSection>
      </FormSheet>
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
  const providers = useQuery(authProvidersQuery).data?.items;
  return (
    <FormTextField
      {...binding}
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
  if (meant?.unfinished) {
    return (
      <p className="argus-coverage argus-coverage_missing">
        <Icon name="utility:warning" size="xx-small" tone="warning" />
        <span>
          <bdi>{words.suffixUnfinished(meant.name)}</bdi>{' '}
          {link(`${pages.authProviders.path}/${meant.id}`, words.openProvider)}
        </span>
      </p>
    );
  }
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
