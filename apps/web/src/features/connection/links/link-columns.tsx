import type { AuthorizationState } from '@argus/contract/endpoints/connection/authorize';
import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { useText } from '../../../i18n/text-context.tsx';
import { pages, personPath } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Badge, type BadgeKind } from '../../../ui/badge.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';

const badges: Readonly<Record<AuthorizationState, BadgeKind>> = {
  authorized: 'success',
  not_authorized: 'neutral',
  not_linked: 'neutral',
  mismatch: 'error',
  reconnect_needed: 'warning',
};

/** 認証状況 */
export function LinkState({ state }: { state: AuthorizationState }) {
  const words = useText('connection/links');
  return <Badge kind={badges[state]}>{words.states[state]}</Badge>;
}

/** ユーザ名 · Salesforceアカウント · Microsoft365アカウント · 認証状況 · 最終成功 · 最終取得エラー */
export function useLinkColumns(): Column<AccountLinkView>[] {
  const words = useText('connection/links');
  return [
    {
      key: 'displayName',
      header: words.displayName,
      sort: 'displayName',
      width: 14,
      cell: ({ accountId, displayName, accountActive }) => (
        <>
          <AppLink to={personPath(accountId)}>
            <DataText text={displayName} />
          </AppLink>
          {accountActive ? null : <Badge>{words.inactive}</Badge>}
        </>
      ),
    },
    {
      key: 'username',
      header: words.username,
      sort: 'username',
      width: 21,
      cell: ({ username }) => <DataText text={username} />,
    },
    {
      key: 'microsoftAccount',
      header: words.microsoftAccount,
      sort: 'microsoftAccount',
      width: 22,
      cell: (link) => <MicrosoftAccount link={link} />,
    },
    {
      key: 'state',
      header: words.state,
      width: 15,
      cell: ({ state }) => <LinkState state={state} />,
    },
    {
      key: 'lastSuccessAt',
      header: words.lastSuccess,
      sort: 'lastSuccessAt',
      width: 11,
      cell: ({ lastSuccessAt }) =>
        lastSuccessAt === null ? (
          <span className="argus-quiet">{words.never}</span>
        ) : (
          <RelativeTime at={lastSuccessAt} />
        ),
    },
    { key: 'lastError', header: words.lastError, cell: (link) => <LastError link={link} /> },
  ];
}

/** The linked account; below it who really signed in, if different, and how the spelling differs. */
export function MicrosoftAccount({ link }: { link: AccountLinkView }) {
  const words = useText('connection/links');
  const { microsoftAccount, authorizedAccount, hint, state } = link;
  const other = authorizedAccount !== null && (state === 'mismatch' || hint !== null);
  return (
    <>
      <DataText text={microsoftAccount} />
      {hint ? <span className="argus-cell-note">{words.hints[hint]}</span> : null}
      {other ? (
        <span className={state === 'mismatch' ? 'argus-cell-note argus-cell-note_error' : 'argus-cell-note'}>
          <DataText text={words.signedInAs(authorizedAccount)} />
        </span>
      ) : null}
    </>
  );
}

export function LastError({ link }: { link: AccountLinkView }) {
  const words = useText('connection/links');
  const { lastError, username } = link;
  if (lastError === null) return <span className="argus-quiet">{words.never}</span>;
  const log = `${pages.errorEvents.path}?${new URLSearchParams({ username, code: lastError.code })}`;
  return (
    <>
      <AppLink to={log} title={words.openErrors}>
        <DataText text={lastError.message} />
      </AppLink>
      <span className="argus-cell-note">
        <RelativeTime at={lastError.at} />
      </span>
    </>
  );
}
