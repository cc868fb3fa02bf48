import type { AuthorizationState } from '@argus/contract/endpoints/connection/authorize';
import type { AccountLinkSort, AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { Button } from '../../../ui/button.tsx';
import { CsvActions } from '../../../ui/csv-actions.tsx';
import type { Sort } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterChips } from '../../../ui/filter-chips.tsx';
import { KeysetTable } from '../../../ui/keyset-table.tsx';
import { NoMatch } from '../../../ui/no-match.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import type { RowAction } from '../../../ui/row-menu.tsx';
import { useSelection } from '../../../ui/selection.ts';
import { TableSearch } from '../../../ui/table-search.tsx';
import { useTablePage } from '../../../ui/use-table-page.ts';
import { BulkLinks } from './bulk-links.tsx';
import { useLinkColumns } from './link-columns.tsx';
import { LinkForm } from './link-form.tsx';
import { accountLinksQuery } from './queries.ts';
import { AcceptAccount, RemoveLink, RevokeAuthorization } from './remove-link.tsx';

const sorts: readonly AccountLinkSort[] = ['displayName', 'username', 'microsoftAccount', 'lastSuccessAt', 'updatedAt'];
/** The possible states of a link, as chips. */
const states: readonly AuthorizationState[] = ['authorized', 'not_authorized', 'mismatch', 'reconnect_needed'];

const keyOf = ({ id }: AccountLinkView) => id;
const anyRow = () => true;

type Open =
  | { readonly kind: 'create' }
  | { readonly kind: 'edit' | 'remove' | 'revoke' | 'accept'; readonly link: AccountLinkView }
  | null;

/** アカウント情報: search, state, order and page are in the address. */
export function AccountLinksView() {
  const words = useText('connection/links');
  const controls = useText('controls');
  const diagnosis = pages.diagnosis.title[useLanguage()];
  const navigate = useNavigate();
  const table = useTablePage();
  const { params, filter } = table;
  const q = params.q ?? '';
  const state = states.find((each) => each === params.state);
  const sortBy = sorts.find((each) => each === params.sort) ?? 'displayName';
  const sort: Sort = { by: sortBy, order: params.order === 'desc' ? 'desc' : 'asc' };
  const links = useQuery(
    accountLinksQuery({
      ...table.cursor,
      pageSize: table.pageSize,
      sort: sortBy,
      order: sort.order,
      ...(q === '' ? {} : { q }),
      ...(state ? { state } : {}),
    }),
  );
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const columns = useLinkColumns();
  const selection = useSelection(links.data?.items, keyOf, anyRow);

  const actionsOf = (link: AccountLinkView): RowAction[] => [
    { text: controls.edit, icon: 'utility:edit', onSelect: () => setOpen({ kind: 'edit', link }) },
    ...(link.hint === 'account_recreated'
      ? [
          {
            text: words.accept,
            icon: 'utility:linked',
            onSelect: () => setOpen({ kind: 'accept', link }),
          } satisfies RowAction,
        ]
      : []),
    ...(link.state === 'not_authorized'
      ? []
      : [
          {
            text: words.revoke,
            icon: 'utility:unlinked',
            onSelect: () => setOpen({ kind: 'revoke', link }),
          } satisfies RowAction,
        ]),
    {
      text: diagnosis,
      icon: 'utility:record_lookup',
      onSelect: () => void navigate({ to: pages.diagnosis.path, search: { username: link.username } as never }),
    },
    {
      text: controls.remove,
      icon: 'utility:delete',
      destructive: true,
      onSelect: () => setOpen({ kind: 'remove', link }),
    },
  ];
  return (
    <>
      <PageHeader
        title={words.title}
        icon={pages.accountLinks.icon}
        note={words.note}
        actions={
          <>
            <CsvActions
              source={{ table: 'account_links', filter: { ...(q === '' ? {} : { q }), ...(state ? { state } : {}) } }}
            />
            <Button variant="brand" icon="utility:add" onClick={() => setOpen({ kind: 'create' })}>
              {words.create}
            </Button>
          </>
        }
      />
      <div className="argus-sheet">
        <div className="argus-toolbar">
          <TableSearch table={table} label={words.search} />
          <FilterChips
            label={words.state}
            all={controls.all}
            options={states.map((each) => ({ value: each, label: words.states[each] }))}
            value={state}
            onChange={(next) => filter({ state: next })}
          />
        </div>
        <BulkLinks selection={selection} />
        <KeysetTable
          table={table}
          query={links}
          selection={selection}
          caption={words.caption}
          wide
          columns={columns}
          rowKey={keyOf}
          rowName={({ displayName }) => displayName}
          sort={sort}
          onSort={({ by, order }) =>
            filter({ sort: by === 'displayName' ? undefined : by, order: order === 'asc' ? undefined : order })
          }
          actions={actionsOf}
          empty={
            q !== '' || state ? (
              <NoMatch searched={q !== ''} onClear={() => filter({ q: undefined, state: undefined })} />
            ) : (
              <EmptyState icon="utility:linked" title={words.empty} text={words.emptyText} />
            )
          }
        />
      </div>
      {open?.kind === 'create' ? <LinkForm onClose={close} /> : null}
      {open?.kind === 'edit' ? <LinkForm link={open.link} onClose={close} /> : null}
      {open?.kind === 'remove' ? <RemoveLink link={open.link} onClose={close} /> : null}
      {open?.kind === 'accept' ? <AcceptAccount link={open.link} onClose={close} /> : null}
      {open?.kind === 'revoke' ? <RevokeAuthorization link={open.link} onClose={close} /> : null}
    </>
  );
}
