import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { type Column, DataTable, TableSkeleton } from '../../../ui/data-table.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorViewOf } from '../../../ui/error-view.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { QueryPage } from '../../../ui/query-page.tsx';
import { remoteSitesQuery } from './queries.ts';
import { RemoveSite } from './remove-site.tsx';
import { SiteSwitch } from './site-switch.tsx';
import { UsedByList } from './used-by-list.tsx';

/** リモートサイト: the list. A deep link with `add` forwards to the form. */
export function RemoteSiteListView() {
  const words = useText('connection/setup').sites;
  const navigate = useNavigate();
  const sites = useQuery(remoteSitesQuery);
  const [{ add, ...link }] = useQueryParams();
  if (add !== undefined) {
    return <Navigate to={pages.newRemoteSite.path} search={{ ...link, url: add } as never} replace />;
  }
  return (
    <>
      <PageHeader
        title={words.title}
        icon={pages.remoteSites.icon}
        note={words.note}
        actions={
          <Button variant="brand" icon="utility:add" onClick={() => void navigate({ to: pages.newRemoteSite.path })}>
            {words.create}
          </Button>
        }
      />
      <QueryPage query={sites} skeleton={<TableSkeleton columns={5} />}>
        {({ items }) => (
          <div className="argus-sheet">
            <SiteTable items={items} onReload={() => void sites.refetch()} />
          </div>
        )}
      </QueryPage>
    </>
  );
}

function SiteTable({ items, onReload }: { items: readonly RemoteSiteView[]; onReload: () => void }) {
  const words = useText('connection/setup').sites;
  const controls = useText('controls');
  const navigate = useNavigate();
  const [removing, setRemoving] = useState<RemoteSiteView | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const columns: Column<RemoteSiteView>[] = [
    {
      key: 'name',
      header: words.name,
      width: 20,
      cell: ({ id, name }) => (
        <AppLink to={`${pages.remoteSites.path}/${id}`}>
          <DataText text={name} />
        </AppLink>
      ),
    },
    {
      key: 'url',
      header: words.url,
      width: 29,
      cell: ({ url, allowedAddressRanges: ranges }) => (
        <>
          <DataText text={url} code />
          {ranges === '' ? null : <p className="argus-quiet">{words.rangesAllowed(ranges.replaceAll('\n', ', '))}</p>}
        </>
      ),
    },
    { key: 'active', header: words.active, width: 11, cell: (site) => <SiteSwitch site={site} onError={setFault} /> },
    {
      key: 'protocol',
      header: words.disableProtocolSecurity,
      width: 12,
      cell: ({ disableProtocolSecurity: off }) =>
        off ? <Badge kind="warning">{words.protocolOff}</Badge> : <span className="argus-quiet">–</span>,
    },
    { key: 'usedBy', header: words.usedBy, cell: ({ usedBy }) => <UsedByList usedBy={usedBy} /> },
  ];
  return (
    <>
      {fault ? (
        <ErrorViewOf
          error={fault}
          retryLabel={controls.loadLatest}
          onRetry={() => {
            setFault(null);
            onReload();
          }}
        />
      ) : null}
      <DataTable
        caption={words.caption}
        columns={columns}
        rows={items}
        rowKey={({ id }) => id}
        rowName={({ name }) => name}
        actions={(site) => [
          {
            text: controls.edit,
            icon: 'utility:edit',
            onSelect: () => void navigate({ to: pages.remoteSite.path, params: { id: site.id } }),
          },
          { text: controls.remove, icon: 'utility:delete', destructive: true, onSelect: () => setRemoving(site) },
        ]}
        empty={<EmptyState icon="utility:world" title={words.empty} text={words.emptyText} />}
      />
      {removing ? <RemoveSite site={removing} onClose={() => setRemoving(null)} /> : null}
    </>
  );
}
