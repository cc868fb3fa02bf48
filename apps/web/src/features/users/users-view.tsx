import type { UserSort, UserView } from '@argus/contract/endpoints/users/users';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { sessionQuery } from '../../queries/session-query.ts';
import { Button } from '../../ui/button.tsx';
import { CsvActions } from '../../ui/csv-actions.tsx';
import type { Sort } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { NoMatch } from '../../ui/no-match.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import type { RowAction } from '../../ui/row-menu.tsx';
import { useSelection } from '../../ui/selection.ts';
import { TableSearch } from '../../ui/table-search.tsx';
import { useTablePage } from '../../ui/use-table-page.ts';
import { BulkInvitationDialog } from './bulk-invitation-dialog.tsx';
import { BulkUsers } from './bulk-users.tsx';
import { InvitationDialog } from './invitation-dialog.tsx';
import { PasswordForm } from './password-form.tsx';
import { usersQuery } from './queries.ts';
import { useUserColumns } from './user-columns.tsx';
import { UserForm } from './user-form.tsx';

const roles = ['admin', 'user'] as const;
const statuses = ['active', 'inactive'] as const;
const todos = ['no_password', 'invited', 'unlinked'] as const;
const sorts: readonly UserSort[] = ['displayName', 'username', 'role', 'status', 'lastSignInAt'];
const keyOf = ({ id }: UserView) => id;
const anyRow = () => true;

type Open =
  | { readonly kind: 'create' | 'invite_all' }
  | { readonly kind: 'edit' | 'password' | 'invite'; readonly user: UserView }
  | null;

/** 利用者: search, filters and page are in the address. */
export function UsersView() {
  const words = useText('users');
  const controls = useText('controls');
  const diagnosis = pages.diagnosis.title[useLanguage()];
  const navigate = useNavigate();
  const self = useQuery(sessionQuery).data?.user?.id;
  const table = useTablePage();
  const { params, filter } = table;
  const q = params.q ?? '';
  const role = roles.find((each) => each === params.role);
  const status = statuses.find((each) => each === params.status);
  const todo = todos.find((each) => each === params.todo);
  const sortBy = sorts.find((each) => each === params.sort) ?? 'displayName';
  const sort: Sort = { by: sortBy, order: params.order === 'desc' ? 'desc' : 'asc' };
  const shown = {
    ...(q === '' ? {} : { q }),
    ...(role ? { role } : {}),
    ...(status ? { active: status === 'active' } : {}),
    ...(todo ? { todo } : {}),
  };
  const users = useQuery(
    usersQuery({ ...table.cursor, pageSize: table.pageSize, sort: sortBy, order: sort.order, ...shown }),
  );
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const columns = useUserColumns(self);
  const selection = useSelection(users.data?.items, keyOf, anyRow);

  const actionsOf = (user: UserView): RowAction[] => [
    { text: controls.edit, icon: 'utility:edit', onSelect: () => setOpen({ kind: 'edit', user }) },
    {
      text: words.setPassword,
      icon: 'utility:key',
      // One's own password is changed on the page that asks for the current one.
      onSelect: () =>
        user.id === self ? void navigate({ to: pages.account.path }) : setOpen({ kind: 'password', user }),
    },
    ...(user.active && !user.hasPassword
      ? [
          {
            text: words.issueInvitation,
            icon: 'utility:link' as const,
            onSelect: () => setOpen({ kind: 'invite', user }),
          },
        ]
      : []),
    {
      text: words.openLinks,
      icon: 'utility:linked',
      onSelect: () => void navigate({ to: pages.accountLinks.path, search: { q: user.username } as never }),
    },
    {
      text: diagnosis,
      icon: 'utility:record_lookup',
      onSelect: () => void navigate({ to: pages.diagnosis.path, search: { username: user.username } as never }),
    },
  ];
  return (
    <>
      <PageHeader
        title={words.title}
        icon={pages.users.icon}
        note={words.note}
        actions={
          <>
            <CsvActions source={{ table: 'users', filter: shown }} />
            <Button icon="utility:link" onClick={() => setOpen({ kind: 'invite_all' })}>
              {words.issueInvitations}
            </Button>
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
            label={words.role}
            all={controls.all}
            options={roles.map((each) => ({ value: each, label: words.roles[each] }))}
            value={role}
            onChange={(next) => filter({ role: next })}
          />
          <FilterChips
            label={words.status}
            all={controls.all}
            options={statuses.map((each) => ({ value: each, label: words[each] }))}
            value={status}
            onChange={(next) => filter({ status: next })}
          />
          <FilterChips
            label={words.todo}
            all={controls.all}
            options={todos.map((each) => ({ value: each, label: words.todos[each] }))}
            value={todo}
            onChange={(next) => filter({ todo: next })}
          />
        </div>
        <BulkUsers selection={selection} self={self} />
        <KeysetTable
          table={table}
          query={users}
          caption={words.caption}
          columns={columns}
          rowKey={keyOf}
          rowName={({ displayName }) => displayName}
          selection={selection}
          sort={sort}
          onSort={({ by, order }) =>
            filter({ sort: by === 'displayName' ? undefined : by, order: order === 'asc' ? undefined : order })
          }
          actions={actionsOf}
          empty={
            q !== '' || role || status || todo ? (
              <NoMatch
                searched={q !== ''}
                onClear={() => filter({ q: undefined, role: undefined, status: undefined, todo: undefined })}
              />
            ) : (
              <EmptyState icon="utility:people" title={words.empty} />
            )
          }
        />
      </div>
      {open?.kind === 'create' ? (
        <UserForm onClose={close} onInvite={(user) => setOpen({ kind: 'invite', user })} self={self} />
      ) : null}
      {open?.kind === 'edit' ? <UserForm user={open.user} onClose={close} self={self} /> : null}
      {open?.kind === 'invite_all' ? <BulkInvitationDialog filter={{ q, role, todo }} onClose={close} /> : null}
      {open?.kind === 'invite' ? <InvitationDialog user={open.user} onClose={close} /> : null}
      {open?.kind === 'password' ? <PasswordForm user={open.user} onClose={close} /> : null}
    </>
  );
}
