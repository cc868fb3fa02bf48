import type { AuthProviderView as AuthProvider } from '@argus/contract/endpoints/connection/setup';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Button } from '../../../ui/button.tsx';
import { MendedFor } from '../../../ui/check-mended.tsx';
import { ConfirmModal } from '../../../ui/confirm-modal.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { FormSection } from '../../../ui/form-section.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { QueryPage } from '../../../ui/query-page.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { AdminConsent } from './admin-consent.tsx';
import { AuthProviderForm } from './auth-provider-form.tsx';
import { ImpactNotice } from './impact-notice.tsx';
import { ProviderStatus } from './provider-status.tsx';
import { authProviderQuery, providerImpactQuery, useDeleteAuthProvider } from './queries.ts';

/** 認証プロバイダ: a single one, new or existing. */
export function AuthProviderView() {
  const { id } = useParams({ strict: false });
  return id === undefined ? <NewProvider /> : <ExistingProvider key={id} id={id} />;
}

function BackToList() {
  const words = useText('connection/setup').providers;
  const { back } = useText('controls');
  return <AppLink to={pages.authProviders.path}>{back(words.title)}</AppLink>;
}

function NewProvider() {
  const words = useText('connection/setup').providers;
  return (
    <>
      <PageHeader title={words.newTitle} icon={pages.newAuthProvider.icon} note={<BackToList />} />
      <AuthProviderForm />
    </>
  );
}

function ExistingProvider({ id }: { id: string }) {
  const words = useText('connection/setup').providers;
  const { remove } = useText('controls');
  const [{ suffix }] = useQueryParams();
  const provider = useQuery(authProviderQuery(id));
  const [removing, setRemoving] = useState(false);
  return (
    <>
      <PageHeader
        title={provider.data?.name ?? words.title}
        icon={pages.authProvider.icon}
        note={<BackToList />}
        actions={
          provider.data ? (
            <Button variant="text-destructive" icon="utility:delete" onClick={() => setRemoving(true)}>
              {remove}
            </Button>
          ) : null
        }
      />
      <MendedFor />
      <QueryPage query={provider}>
        {(data) => (
          <>
            {suffix !== undefined && !data.inUse ? (
              <ScopedNotification kind="warning">{words.failedHere}</ScopedNotification>
            ) : null}
            <AuthProviderForm
              provider={data}
              first={data.authorizedUsers === 0 ? <RegisterFirst provider={data} /> : null}
            >
              <Addresses provider={data} />
              <AdminConsent provider={data} />
            </AuthProviderForm>
            {removing ? <RemoveProvider provider={data} onClose={() => setRemoving(false)} /> : null}
          </>
        )}
      </QueryPage>
    </>
  );
}

/** Until the first user has authorized, the URL that Microsoft Entra has to know stands above the fields. */
function RegisterFirst({ provider: { callbackUrl } }: { provider: AuthProvider }) {
  const words = useText('connection/setup').providers;
  return (
    <FormSection title={words.registerFirst} note={words.registerFirstNote}>
      <p className="argus-callback-preview">
        <span className="argus-code">{callbackUrl}</span>{' '}
        <CopyButton text={callbackUrl} label={words.copyCallbackUrl} />
      </p>
    </FormSection>
  );
}

/** The URLs to copy for Entra and the portal, and who uses the provider. */
function Addresses({ provider }: { provider: AuthProvider }) {
  const words = useText('connection/setup').providers;
  const urls = [
    // Above the fields, as long as nobody has authorized.
    ...(provider.authorizedUsers === 0
      ? []
      : [{ name: words.callbackUrl, url: provider.callbackUrl, copy: words.copyCallbackUrl }]),
    { name: words.startUrl, url: provider.startUrl, copy: words.copyStartUrl },
  ];
  return (
    <FormSection title={words.addresses} note={provider.authorizedUsers === 0 ? undefined : words.addressesNote}>
      <dl className="argus-addresses">
        {urls.map(({ name, url, copy }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span className="argus-code">{url}</span>
              <CopyButton text={url} label={copy} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{words.status}</dt>
          <dd>
            <ProviderStatus provider={provider} />
            {provider.inUse ? null : (
              <span className="argus-quiet">{provider.unfinished ? words.unfinishedHelp : words.notInUseHelp}</span>
            )}
          </dd>
        </div>
        <div>
          <dt>{words.authorizedUsers}</dt>
          <dd>{words.users(provider.authorizedUsers)}</dd>
        </div>
      </dl>
    </FormSection>
  );
}

function RemoveProvider({ provider, onClose }: { provider: AuthProvider; onClose: () => void }) {
  const { providers: words, impact: impactWords } = useText('connection/setup');
  const { remove } = useText('controls');
  const toast = useToast();
  const navigate = useNavigate();
  const impact = useQuery(providerImpactQuery(provider.id));
  const deletion = useDeleteAuthProvider();
  const confirm = () =>
    deletion.mutate(provider.id, {
      onSuccess: () => {
        toast(words.removed);
        void navigate({ to: pages.authProviders.path, ignoreBlocker: true });
      },
    });
  return (
    <ConfirmModal
      title={words.removeTitle}
      action={remove}
      busy={deletion.isPending || impact.isLoading}
      error={deletion.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <bdi>{words.removeText(provider.name)}</bdi>
      </p>
      <ImpactNotice query={impact} stopped={provider.inUse ? impactWords.stopped : words.removeUsers} />
      {provider.inUse ? (
        <p>
          {words.removeInUse} {words.removeUsers(impact.data?.users ?? provider.authorizedUsers)}
        </p>
      ) : null}
    </ConfirmModal>
  );
}
