import { type AlertChannelView, alertFormats, alertKinds } from '@argus/contract/endpoints/alerts';
import { languages } from '@argus/contract/language';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { useFormDraft } from '../../ui/form-draft.ts';
import { CheckboxField, FormTextField, NumberField, SelectField, TextAreaField } from '../../ui/form-field.tsx';
import { FormSection } from '../../ui/form-section.tsx';
import { FormSheet } from '../../ui/form-sheet.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryPage } from '../../ui/query-page.tsx';
import { readWholeNumber } from '../../ui/read-whole-number.ts';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useLoadLatest } from '../../ui/use-load-latest.ts';
import { ChannelState } from './channel-state.tsx';
import { alertChannelQuery, alertChannelsQuery, useSaveAlertChannel, useTestAlertChannel } from './queries.ts';
import { RemoveChannel } from './remove-channel.tsx';

/** Shows whether the remote sites cover a URL, and mends it; given by the page, as リモートサイト are another feature's. */
type Coverage = (url: string, onRepair: (url: string) => void) => ReactNode;

/** A destination of alerts, new or existing. */
export function AlertView({ coverage }: { coverage: Coverage }) {
  const { id } = useParams({ strict: false });
  return id === undefined ? <NewChannel coverage={coverage} /> : <ExistingChannel key={id} {...{ id, coverage }} />;
}

function BackToList() {
  const words = useText('alerts');
  const { back } = useText('controls');
  return <AppLink to={pages.alerts.path}>{back(words.title)}</AppLink>;
}

function NewChannel({ coverage }: { coverage: Coverage }) {
  const words = useText('alerts');
  return (
    <>
      <PageHeader title={words.newTitle} icon={pages.newAlert.icon} note={<BackToList />} />
      <ChannelForm coverage={coverage} />
    </>
  );
}

function ExistingChannel({ id, coverage }: { id: string; coverage: Coverage }) {
  const words = useText('alerts');
  const { remove } = useText('controls');
  const navigate = useNavigate();
  const channel = useQuery(alertChannelQuery(id));
  const [removing, setRemoving] = useState(false);
  const leave = () => void navigate({ to: pages.alerts.path, ignoreBlocker: true });
  return (
    <>
      <PageHeader
        title={channel.data?.name ?? words.title}
        icon={pages.alert.icon}
        note={<BackToList />}
        actions={
          channel.data ? (
            <Button variant="text-destructive" icon="utility:delete" onClick={() => setRemoving(true)}>
              {remove}
            </Button>
          ) : null
        }
      />
      <QueryPage query={channel}>
        {(data) => (
          <>
            <ChannelForm channel={data} coverage={coverage} />
            {removing ? <RemoveChannel channel={data} onClose={() => setRemoving(false)} onRemoved={leave} /> : null}
          </>
        )}
      </QueryPage>
    </>
  );
}

function toFields(channel: AlertChannelView | undefined, language: AlertChannelView['language']) {
  const kinds = channel?.kinds ?? alertKinds;
  return {
    name: channel?.name ?? '',
    format: channel?.format ?? ('teams' as AlertChannelView['format']),
    url: '',
    recipients: channel?.recipients ?? '',
    stopped: kinds.includes('stopped'),
    secret: kinds.includes('secret'),
    errors: kinds.includes('errors'),
    security: kinds.includes('security'),
    operation: kinds.includes('operation'),
    leastUsers: String(channel?.leastUsers ?? 3),
    language: channel?.language ?? language,
    active: channel?.active ?? true,
  };
}

function ChannelForm({ channel, coverage }: { channel?: AlertChannelView; coverage: Coverage }) {
  const words = useText('alerts');
  const controls = useText('controls');
  const language = useLanguage();
  const toast = useToast();
  const navigate = useNavigate();
  const labels = { ...words, ...words.kindNames };
  const draft = useFormDraft(toFields(channel, language), labels, { version: channel?.version ?? 0 });
  const { field, values } = draft;
  const save = useSaveAlertChannel();
  const latest = useLoadLatest(alertChannelQuery(channel?.id ?? ''), (data) => {
    draft.rebase(toFields(data, language), data.version);
    save.reset();
  });

  const submit = () => {
    const leastUsers = readWholeNumber(values.leastUsers);
    const kinds = alertKinds.filter((kind) => values[kind]);
    const wrong = {
      ...(leastUsers === undefined ? { leastUsers: controls.wholeNumber } : {}),
      ...(kinds.length === 0 ? { stopped: words.kindsMissing } : {}),
    };
    if (draft.refuse(wrong) || leastUsers === undefined) return;
    const { name, format, url, recipients, active, language: told } = values;
    const body = { name, format, url, recipients, kinds, leastUsers, language: told, active };
    save.mutate(channel ? { id: channel.id, body: { ...body, version: draft.version } } : { body }, {
      onSuccess: (saved) => {
        draft.saved(toFields(saved, language), saved.version);
        toast(channel ? words.saved : words.created);
        if (!channel) {
          void navigate({ to: pages.alert.path, params: { id: saved.id }, replace: true, ignoreBlocker: true });
        }
      },
      onError: draft.refuseBy,
    });
  };
  const restore = () => {
    draft.restore();
    save.reset();
  };
  return (
    <FormSheet
      draft={draft}
      error={save.error}
      latest={channel && latest}
      notices={<Tested channel={channel} dirty={draft.dirty} />}
      busy={save.isPending}
      saveLabel={channel ? controls.save : words.create}
      onSubmit={submit}
      onRestore={restore}
    >
      <FormSection title={words.details}>
        <FormTextField {...field('name')} help={words.nameHelp} maxLength={80} required />
        <SelectField
          {...field('format')}
          options={alertFormats.map((value) => ({ value, label: words.formats[value] }))}
        />
        {values.format === 'mail' ? (
          <TextAreaField
            {...field('recipients')}
            help={words.recipientsHelp}
            rows={3}
            required
            below={<MailSender />}
          />
        ) : (
          <WebhookField channel={channel} draft={draft} coverage={coverage} />
        )}
        <SelectField
          {...field('language')}
          options={languages.map((value) => ({ value, label: words.languages[value] }))}
        />
        <CheckboxField {...field('active')} help={words.activeHelp} />
      </FormSection>
      <FormSection title={words.kinds} note={words.how}>
        {alertKinds.map((kind) => (
          <CheckboxField key={kind} {...field(kind)} />
        ))}
        <NumberField
          {...field('leastUsers')}
          unit={words.leastUsersUnit}
          help={words.leastUsersHelp}
          disabled={!values.errors}
        />
      </FormSection>
    </FormSheet>
  );
}

/** The URL of a webhook, which is never shown again once it is stored. */
function WebhookField(props: {
  channel: AlertChannelView | undefined;
  draft: ReturnType<typeof useFormDraft<ReturnType<typeof toFields>>>;
  coverage: Coverage;
}) {
  const { channel, draft, coverage } = props;
  const words = useText('alerts');
  const { format, url } = draft.values;
  const stored = channel?.origin ?? null;
  const help = format === 'mail' ? '' : words.urlHelp[format];
  const called = url.trim() === '' ? (stored ?? '') : url;
  return (
    <FormTextField
      {...draft.field('url')}
      type="url"
      required={stored === null}
      help={stored === null ? help : words.urlStored(stored)}
      below={coverage(called, (repaired) => draft.change({ url: repaired }))}
    />
  );
}

function MailSender() {
  const words = useText('alerts');
  const { data } = useQuery(alertChannelsQuery);
  if (!data) return null;
  if (data.mailFrom !== null) return <p className="argus-quiet">{words.mailFrom(data.mailFrom)}</p>;
  return <ScopedNotification kind="warning">{words.mailMissing}</ScopedNotification>;
}

/** テスト送信 of what is saved, and whether alerts arrive there. */
function Tested({ channel, dirty }: { channel: AlertChannelView | undefined; dirty: boolean }) {
  const words = useText('alerts');
  const toast = useToast();
  const test = useTestAlertChannel();
  if (!channel) return <p className="argus-quiet">{words.testAfterSave}</p>;
  const run = () => test.mutate(channel.id, { onSuccess: () => toast(words.tested(channel.name)) });
  return (
    <>
      {test.error ? <ErrorViewOf error={test.error} /> : <ChannelState channel={channel} />}
      <Button icon="utility:email" busy={test.isPending} disabled={dirty} onClick={run}>
        {test.isPending ? words.testing : words.test}
      </Button>
      {dirty ? <p className="argus-quiet">{words.testAfterSave}</p> : null}
    </>
  );
}
