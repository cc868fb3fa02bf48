import type { AlertChannelView } from '@argus/contract/endpoints/alerts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable, TableSkeleton } from '../../ui/data-table.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryPage } from '../../ui/query-page.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { ChannelState } from './channel-state.tsx';
import { alertChannelsQuery, useTestAlertChannel } from './queries.ts';
import { RemoveChannel } from './remove-channel.tsx';

/** アラート: where they go. */
export function AlertListView() {
  const words = useText('alerts');
  const navigate = useNavigate();
  const channels = useQuery(alertChannelsQuery);
  return (
    <>
      <PageHeader
        title={words.title}
        icon={pages.alerts.icon}
        note={words.note}
        actions={
          <Button variant="brand" icon="utility:add" onClick={() => void navigate({ to: pages.newAlert.path })}>
            {words.create}
          </Button>
        }
      />
      <QueryPage query={channels} skeleton={<TableSkeleton columns={4} />}>
        {({ items }) => (
          <div className="argus-sheet">
            <ChannelTable items={items} />
          </div>
        )}
      </QueryPage>
    </>
  );
}

function ChannelTable({ items }: { items: readonly AlertChannelView[] }) {
  const words = useText('alerts');
  const controls = useText('controls');
  const navigate = useNavigate();
  const toast = useToast();
  const test = useTestAlertChannel();
  const [removing, setRemoving] = useState<AlertChannelView | null>(null);
  const columns: Column<AlertChannelView>[] = [
    {
      key: 'name',
      header: words.name,
      width: 22,
      cell: ({ id, name, active }) => (
        <>
          <AppLink to={`${pages.alerts.path}/${id}`}>
            <DataText text={name} />
          </AppLink>{' '}
          {active ? null : <Badge kind="neutral">{words.inactive}</Badge>}
        </>
      ),
    },
    {
      key: 'destination',
      header: words.destination,
      width: 28,
      cell: ({ format, origin, recipients }) => (
        <>
          {words.formats[format]}
          <br />
          <DataText text={origin ?? recipients.replaceAll('\n', ', ')} code={origin !== null} />
        </>
      ),
    },
    {
      key: 'kinds',
      header: words.kinds,
      width: 22,
      cell: ({ kinds }) => kinds.map((kind) => words.kindShort[kind]).join(controls.bulk.comma),
    },
    { key: 'state', header: words.state, cell: (channel) => <ChannelState channel={channel} /> },
  ];
  return (
    <>
      {test.error ? <ErrorViewOf error={test.error} /> : null}
      <DataTable
        caption={words.caption}
        columns={columns}
        rows={items}
        rowKey={({ id }) => id}
        rowName={({ name }) => name}
        actions={(channel) => [
          {
            text: words.test,
            icon: 'utility:email',
            onSelect: () => test.mutate(channel.id, { onSuccess: () => toast(words.tested(channel.name)) }),
          },
          {
            text: controls.edit,
            icon: 'utility:edit',
            onSelect: () => void navigate({ to: pages.alert.path, params: { id: channel.id } }),
          },
          { text: controls.remove, icon: 'utility:delete', destructive: true, onSelect: () => setRemoving(channel) },
        ]}
        empty={<EmptyState icon="utility:notification" title={words.empty} text={words.emptyText} />}
      />
      {removing ? <RemoveChannel channel={removing} onClose={() => setRemoving(null)} /> : null}
    </>
  );
}
