import type { Coverage, RemoteSiteView as RemoteSite } from '@argus/contract/endpoints/connection/setup';
import { present } from '@argus/fields/present';
import { useQuery } from '@tanstack/react-query';
import { useCanGoBack, useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Button } from '../../../ui/button.tsx';
import { MendedFor } from '../../../ui/check-mended.tsx';
import { FormSection } from '../../../ui/form-section.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { QueryPage } from '../../../ui/query-page.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { ActivateSite } from './activate-site.tsx';
import { coverageQuery, remoteSiteQuery } from './queries.ts';
import { RemoteSiteForm } from './remote-site-form.tsx';
import { RemoveSite } from './remove-site.tsx';
import { UsedByList } from './used-by-list.tsx';

/** リモートサイト: a single one, new or existing. `?url=` fills in a new one. */
export function RemoteSiteView() {
  const { id } = useParams({ strict: false });
  return id === undefined ? <NewSite /> : <ExistingSite key={id} id={id} />;
}

function BackToList() {
  const words = useText('connection/setup').sites;
  const { back } = useText('controls');
  return <AppLink to={pages.remoteSites.path}>{back(words.title)}</AppLink>;
}

function NewSite() {
  const words = useText('connection/setup').sites;
  const [{ url, add }] = useQueryParams();
  const suggested = url ?? add;
  const coverage = useQuery({ ...coverageQuery('url', suggested ?? ''), enabled: suggested !== undefined }).data;
  // The link may be outdated, or the site is only inactive: then it cannot be added again.
  const isThere = coverage?.status === 'covered' || coverage?.status === 'inactive';
  return (
    <>
      <PageHeader title={words.newTitle} icon={pages.newRemoteSite.icon} note={<BackToList />} />
      <MendedFor />
      {coverage && isThere ? (
        <Registered coverage={coverage} />
      ) : (
        <RemoteSiteForm key={suggested} {...present({ suggested })} />
      )}
    </>
  );
}

/** The site that a link asked to add is already registered. If it is inactive, it can be activated here. */
function Registered({ coverage: { origin, status, siteName } }: { coverage: Coverage }) {
  const { coverage: words, sites } = useText('connection/setup');
  const { history } = useRouter();
  const canGoBack = useCanGoBack();
  if (origin === null) return null;
  const covered = status === 'covered';
  return (
    <div className="argus-sheet argus-sheet_padded">
      <ScopedNotification
        kind={covered ? 'success' : 'warning'}
        actions={covered ? null : <ActivateSite origin={origin} />}
      >
        <p>
          <bdi className="argus-data">{covered ? words.covered(origin, siteName ?? '') : words.inactive(origin)}</bdi>
        </p>
      </ScopedNotification>
      {canGoBack ? <Button onClick={() => history.back()}>{sites.goBack}</Button> : null}
    </div>
  );
}

function ExistingSite({ id }: { id: string }) {
  const words = useText('connection/setup').sites;
  const { remove } = useText('controls');
  const navigate = useNavigate();
  const site = useQuery(remoteSiteQuery(id));
  const [removing, setRemoving] = useState(false);
  const leave = () => void navigate({ to: pages.remoteSites.path, ignoreBlocker: true });
  return (
    <>
      <PageHeader
        title={site.data?.name ?? words.title}
        icon={pages.remoteSite.icon}
        note={<BackToList />}
        actions={
          site.data ? (
            <Button variant="text-destructive" icon="utility:delete" onClick={() => setRemoving(true)}>
              {remove}
            </Button>
          ) : null
        }
      />
      <QueryPage query={site}>
        {(data) => (
          <>
            <RemoteSiteForm site={data}>
              <UsedBy site={data} />
            </RemoteSiteForm>
            {removing ? <RemoveSite site={data} onClose={() => setRemoving(false)} onRemoved={leave} /> : null}
          </>
        )}
      </QueryPage>
    </>
  );
}

function UsedBy({ site }: { site: RemoteSite }) {
  const words = useText('connection/setup').sites;
  return (
    <FormSection title={words.usedBy}>
      <UsedByList usedBy={site.usedBy} />
    </FormSection>
  );
}
