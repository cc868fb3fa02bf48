import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { useQuery } from '@tanstack/react-query';
import { useCanGoBack, useNavigate, useRouter } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { CheckSaved, useCheckAfterSave } from '../../../ui/check-saved.tsx';
import { useFormDraft } from '../../../ui/form-draft.ts';
import { CheckboxField, FormTextField, TextAreaField } from '../../../ui/form-field.tsx';
import { FormSection } from '../../../ui/form-section.tsx';
import { FormSheet } from '../../../ui/form-sheet.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useLoadLatest } from '../../../ui/use-load-latest.ts';
import { NearMisses } from './near-misses.tsx';
import { hostOf, originOf } from './origin-of.ts';
import { coverageQuery, remoteSiteQuery, useSaveRemoteSite } from './queries.ts';
import { SavedWarnings } from './saved-warnings.tsx';
import { StopSite } from './stop-site.tsx';

function toFields(site: RemoteSiteView | undefined, suggested?: string) {
  return {
    name: site?.name ?? hostOf(suggested),
    url: site?.url ?? suggested ?? '',
    disableProtocolSecurity: site?.disableProtocolSecurity ?? false,
    active: site?.active ?? true,
    allowedAddressRanges: site?.allowedAddressRanges ?? '',
    description: site?.description ?? '',
  };
}

/**
 * The fields of a remote site; without `site`, a new one.
 * @param suggested a URL from elsewhere, such as a link from an error: the administrator must confirm its origin
 */
export function RemoteSiteForm(props: { site?: RemoteSiteView; suggested?: string; children?: ReactNode }) {
  const { site, suggested, children } = props;
  const words = useText('connection/setup').sites;
  const controls = useText('controls');
  const toast = useToast();
  const navigate = useNavigate();
  const { history } = useRouter();
  const canGoBack = useCanGoBack();
  const [{ field: highlighted }] = useQueryParams();
  const draft = useFormDraft(toFields(site, suggested), words, { version: site?.version ?? 0, highlighted });
  const { field } = draft;
  const save = useSaveRemoteSite();
  const checked = useCheckAfterSave();
  const latest = useLoadLatest(remoteSiteQuery(site?.id ?? ''), (data) => {
    draft.rebase(toFields(data), data.version);
    save.reset();
  });
  const origin = originOf(draft.values.url);
  const mustConfirm = suggested !== undefined && origin !== undefined && origin === originOf(suggested);
  const [confirmed, setConfirmed] = useState(false);
  const [askConfirm, setAskConfirm] = useState(false);
  const [askStop, setAskStop] = useState(false);
  // Saving this would stop whatever calls the site now.
  const stops =
    site?.active === true &&
    site.usedBy.length > 0 &&
    (!draft.values.active || (origin ?? site.origin) !== site.origin);

  const submit = () => {
    if (mustConfirm && !confirmed) {
      setAskConfirm(true);
      draft.formRef.current?.querySelector<HTMLElement>('[name="confirmed"]')?.focus();
      return;
    }
    if (stops) setAskStop(true);
    else send();
  };
  const send = () => {
    const body = draft.values;
    save.mutate(site ? { id: site.id, body: { ...body, version: draft.version } } : { body }, {
      onSuccess: (saved) => {
        setAskStop(false);
        draft.saved(toFields(saved), saved.version);
        toast(site ? words.saved : words.created);
        if (site && (site.usedBy.length > 0 || saved.usedBy.length > 0)) checked.check();
        // A new site needs no further attention, unless there are warnings. A user who came by a link returns there.
        if (!site && saved.warnings.length === 0) {
          if (suggested !== undefined && canGoBack) history.back({ ignoreBlocker: true });
          else void navigate({ to: pages.remoteSites.path, ignoreBlocker: true });
        } else if (!site) {
          void navigate({
            to: pages.remoteSite.path,
            params: { id: saved.id },
            replace: true,
            ignoreBlocker: true,
          });
        }
      },
      onError: (error) => {
        setAskStop(false);
        draft.refuseBy(error);
      },
    });
  };
  const restore = () => {
    draft.restore();
    save.reset();
  };
  return (
    <>
      <FormSheet
        draft={draft}
        error={save.error}
        latest={site && latest}
        notices={
          <>
            <CheckSaved error={checked.error} />
            {site ? <SavedWarnings title={words.warnings} warnings={site.warnings} /> : null}
            {mustConfirm && origin !== undefined ? (
              <ConfirmOrigin
                origin={origin}
                confirmed={confirmed}
                missing={askConfirm && !confirmed}
                onConfirm={setConfirmed}
              />
            ) : null}
          </>
        }
        busy={save.isPending}
        saveLabel={site ? controls.save : words.create}
        onSubmit={submit}
        onRestore={restore}
      >
        <FormSection title={words.details}>
          <FormTextField {...field('name')} required />
          <FormTextField
            {...field('url')}
            help={words.urlHelp}
            type="url"
            required
            below={origin === undefined ? null : <bdi>{words.origin(origin)}</bdi>}
          />
          <CheckboxField {...field('disableProtocolSecurity')} help={words.protocolHelp} />
          <CheckboxField {...field('active')} help={words.activeHelp} />
          <TextAreaField {...field('allowedAddressRanges')} help={words.rangesHelp} rows={2} />
          <TextAreaField {...field('description')} />
        </FormSection>
        {children}
      </FormSheet>
      {site && askStop ? (
        <StopSite
          site={site}
          title={words.stopTitle}
          action={controls.save}
          text={words.stopText(site.name, site.origin)}
          busy={save.isPending}
          error={null}
          onConfirm={send}
          onClose={() => setAskStop(false)}
        />
      ) : null}
    </>
  );
}

/** "Could it be a typo?": the origin alone, similar registered sites, and a checkbox to confirm. */
function ConfirmOrigin(props: {
  origin: string;
  confirmed: boolean;
  missing: boolean;
  onConfirm: (confirmed: boolean) => void;
}) {
  const { origin, confirmed, missing, onConfirm } = props;
  const words = useText('connection/setup').sites;
  const coverage = useQuery(coverageQuery('url', origin));
  return (
    <ScopedNotification kind="warning">
      <p className="argus-strong">{words.confirmTitle}</p>
      <p className="argus-confirm-origin argus-code">{origin}</p>
      <p>{words.confirmText}</p>
      <NearMisses label={words.confirmNear} sites={coverage.data?.nearMisses ?? []} />
      <CheckboxField
        name="confirmed"
        value={confirmed}
        onChange={onConfirm}
        label={words.confirm(origin)}
        error={missing ? words.confirmMissing : undefined}
      />
    </ScopedNotification>
  );
}
