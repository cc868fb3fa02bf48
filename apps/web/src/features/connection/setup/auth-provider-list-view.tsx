import { accountKey } from '@argus/contract/account-key';
import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import { isUrlSuffix } from '@argus/contract/url-suffix';
import { present } from '@argus/fields/present';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Button } from '../../../ui/button.tsx';
import { type Column, DataTable, TableSkeleton } from '../../../ui/data-table.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { QueryPage } from '../../../ui/query-page.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { ProviderStatus } from './provider-status.tsx';
import { authProvidersQuery } from './queries.ts';
import { SecretState } from './secret-state.tsx';

/**
 * 認証プロバイダ: the list. A deep link to a field forwards to the provider that it names, which need not be in use, or
 * else to the one in use.
 */
export function AuthProviderListView() {
  const words = useText('connection/setup').providers;
  const navigate = useNavigate();
  const providers = useQuery(authProvidersQuery);
  const [link] = useQueryParams();
  const { field } = link;
  // A link from elsewhere may carry any text: what cannot be a suffix is not repeated.
  const suffix = link.suffix !== undefined && isUrlSuffix(link.suffix) ? link.suffix : undefined;
  const create = () => void navigate({ to: pages.newAuthProvider.path });
  const meant = field === undefined ? undefined : providerMeant(providers.data?.items ?? [], suffix);
  if (meant) {
    return <Navigate to={pages.authProvider.path} params={{ id: meant.id }} search={link as never} replace />;
  }
  return (
    <>
      <PageHeader
        title={words.title}
        icon={pages.authProviders.icon}
        note={words.note}
        actions={
          <Button variant="brand" icon="utility:add" onClick={create}>
            {words.create}
          </Button>
        }
      />
      {field !== undefined && providers.data && suffix !== undefined ? (
        <ScopedNotification kind="warning">
          <bdi>{words.failedOneIsGone(suffix)}</bdi>
        </ScopedNotification>
      ) : null}
      {field !== undefined && suffix === undefined && (providers.data?.items.length ?? 0) > 0 ? (
        <ScopedNotification kind="info">{words.chooseOne}</ScopedNotification>
      ) : null}
      <QueryPage query={providers} skeleton={<TableSkeleton columns={5} />}>
        {({ items }) => (
          <div className="argus-sheet">
            <ProviderTable items={items} {...present({ field })} />
          </div>
        )}
      </QueryPage>
    </>
  );
}

/** The provider that a link without an id refers to: the one it names; without a name the one in use, or the only one. */
function providerMeant(items: readonly AuthProviderView[], suffix: string | undefined): AuthProviderView | undefined {
  if (suffix !== undefined) return items.find(({ urlSuffix }) => accountKey(urlSuffix) === accountKey(suffix));
  return items.find(({ inUse }) => inUse) ?? (items.length === 1 ? items[0] : undefined);
}

function ProviderTable({ items, field }: { items: readonly AuthProviderView[]; field?: string }) {
  const words = useText('connection/setup').providers;
  const columns: Column<AuthProviderView>[] = [
    {
      key: 'name',
      header: words.name,
      width: 28,
      cell: ({ id, name }) => (
        <AppLink
          to={`${pages.authProviders.path}/${id}${field === undefined ? '' : `?field=${encodeURIComponent(field)}`}`}
        >
          <DataText text={name} />
        </AppLink>
      ),
    },
    {
      key: 'urlSuffix',
      header: words.urlSuffix,
      width: 20,
      cell: ({ urlSuffix }) => <DataText text={urlSuffix} code />,
    },
    {
      key: 'status',
      header: words.status,
      width: 12,
      cell: (provider) => <ProviderStatus provider={provider} />,
    },
    {
      key: 'authorizedUsers',
      header: words.authorizedUsers,
      width: 12,
      cell: ({ authorizedUsers }) => words.users(authorizedUsers),
    },
    { key: 'secret', header: words.secret, width: 28, cell: (provider) => <SecretState secret={provider} short /> },
  ];
  return (
    <DataTable
      caption={words.caption}
      columns={columns}
      rows={items}
      rowKey={({ id }) => id}
      rowName={({ name }) => name}
      empty={<EmptyState icon="utility:key" title={words.empty} text={words.emptyText} />}
    />
  );
}
