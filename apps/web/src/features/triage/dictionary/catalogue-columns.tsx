import type { CatalogueEntryView } from '@argus/contract/endpoints/triage/dictionary';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { AppLink } from '../../../ui/app-link.tsx';
import { Badge } from '../../../ui/badge.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { entryPath, type ListSearch } from './entry-path.ts';
import { headlineOf } from './headline-of.ts';
import { MatchCodes } from './match-codes.tsx';
import { useMessageLines } from './use-message-lines.ts';

/**
 * 原因とメッセージ · 段階 · 対応する人 · 見分ける値 · 直近30日
 * @param search the search that an entry links back to
 */
export function useCatalogueColumns(search: ListSearch): Column<CatalogueEntryView>[] {
  const words = useText('triage/dictionary');
  const { mender, menders: labels, stages } = useText('common');
  const linesOf = useMessageLines();
  return [
    {
      key: 'message',
      header: words.message,
      width: 44,
      cell: ({ code, row, kind, message, causes }) => (
        <>
          <AppLink to={entryPath(code, search)} className="argus-entry__link">
            {causes[0]?.condition ?? headlineOf(linesOf(message))}
          </AppLink>
          {causes[0] ? <span className="argus-entry__condition">{headlineOf(linesOf(message))}</span> : null}
          {causes.length > 1 ? <span className="argus-cell-note">{words.otherCauses(causes.length - 1)}</span> : null}
          <span className="argus-cell-note">
            {kind === 'sign_in_page' ? <Badge>{words.onMicrosoftPage}</Badge> : null}{' '}
            {row === null || !isOfTable(row) ? '' : `${words.row} ${row} · `}
            <span className="argus-code">{code}</span>
          </span>
        </>
      ),
    },
    { key: 'stage', header: words.stage, width: 14, cell: ({ stage }) => stageOf(stage, stages) },
    {
      key: 'mender',
      header: mender,
      width: 15,
      cell: ({ causes }) => (
        <ul>
          {[...new Set(causes.flatMap(({ menders }) => menders))].map((each) => (
            <li key={each}>{labels[each]}</li>
          ))}
        </ul>
      ),
    },
    {
      key: 'matches',
      header: words.matches,
      width: 16,
      cell: ({ matches }) =>
        matches.length === 0 ? <span className="argus-quiet">–</span> : <MatchCodes matches={matches} limit={3} />,
    },
    { key: 'seen', header: words.seen, cell: ({ seen }) => <Seen seen={seen} /> },
  ];
}

/** A row of the customer's table (A1, B5b); other rows are names of our own families (A2+, B-status). */
function isOfTable(row: string): boolean {
  return /^[A-C]\d+[a-z]?$/.test(row);
}

/** A stage from a newer API is shown by its name. */
export function stageOf(stage: string, names: Readonly<Record<string, string>>): string {
  return names[stage] ?? stage;
}

function Seen({ seen }: { seen: CatalogueEntryView['seen'] }) {
  const words = useText('triage/dictionary');
  const language = useLanguage();
  if (seen === null) return <span className="argus-quiet">{words.notSeen}</span>;
  const events = seen.events.toLocaleString(language);
  return (
    <>
      {seen.users > 0 ? words.seenCounts(events, seen.users.toLocaleString(language)) : words.seenEvents(events)}
      <span className="argus-cell-note">
        <RelativeTime at={seen.lastAt} />
      </span>
    </>
  );
}
