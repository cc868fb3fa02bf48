import type { Mender } from '@argus/contract/errors/labels';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterSelect } from '../../../ui/filter-select.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { SearchBox } from '../../../ui/search-box.tsx';
import { TableFault } from '../../../ui/table-fault.tsx';
import '../../../styles/error-catalogue.css';
import { useCatalogueColumns } from './catalogue-columns.tsx';
import { FoundEvent, UnknownErrorId } from './found-event.tsx';
import { foundNothingWrong } from './found-nothing-wrong.ts';
import { catalogueQuery } from './queries.ts';
import { shortenSearch } from './shorten-search.ts';

/** How many entries are shown at first; a search usually finds the entry among them. */
const firstEntries = 50;

/** The longest accepted paste; text too long for an address is shortened. */
const maxPasted = 20_000;

/**
 * エラー辞典: every error, with a search that also accepts a user's help-desk text. Search and filters are in the address.
 */
export function CatalogueView() {
  const words = useText('triage/dictionary');
  const controls = useText('controls');
  const common = useText('common');
  const language = useLanguage();
  const [params, change] = useQueryParams();
  const { q = '', area } = params;
  const mender = (Object.keys(common.menders) as Mender[]).find((each) => each === params.mender);
  const narrowed = { ...(q ? { q } : {}), ...(area ? { area } : {}), ...(mender ? { mender } : {}) };
  const entries = useQuery(catalogueQuery(narrowed));
  // Further typing refines the same search: one step back leaves it.
  const search = useCallback((text: string) => change({ q: shortenSearch(text) }, { replace: q !== '' }), [change, q]);
  const columns = useCatalogueColumns(narrowed);
  const { items, event, unknownErrorId } = entries.data ?? {};
  const [all, setAll] = useState(false);
  const shown = all ? items : items?.slice(0, firstEntries);
  return (
    <>
      <PageHeader title={words.title} icon={pages.errorCatalogue.icon} note={words.note} />
      <div className="argus-sheet">
        <div className="argus-toolbar argus-catalogue__search">
          <SearchBox
            label={words.search}
            placeholder={words.searchPlaceholder}
            value={q}
            onSearch={search}
            maxLength={maxPasted}
          />
          <FilterSelect
            label={words.area}
            all={words.allAreas}
            options={Object.entries(words.areas).map(([value, label]) => ({ value, label }))}
            value={area}
            onFilter={(next) => change({ area: next })}
          />
          <FilterSelect
            label={common.mender}
            all={words.allMenders}
            options={Object.entries(common.menders).map(([value, label]) => ({ value, label }))}
            value={mender}
            onFilter={(next) => change({ mender: next })}
          />
          <p className="argus-filter__note">{words.searchHelp}</p>
        </div>
        <TableFault query={entries} />
        {event ? <FoundEvent event={event} search={narrowed} /> : null}
        {unknownErrorId ? <UnknownErrorId errorId={unknownErrorId} /> : null}
        {entries.data || !entries.error ? (
          <DataTable
            caption={words.caption}
            columns={columns}
            rows={shown}
            rowKey={({ code }) => code}
            rowName={({ code }) => code}
            stale={entries.isPlaceholderData}
            empty={
              <EmptyState
                icon="utility:search"
                {...(foundNothingWrong(q)
                  ? { title: words.nothingWrong }
                  : { title: words.noMatch, text: words.noMatchText })}
                action={
                  <Button onClick={() => change({ q: undefined, area: undefined, mender: undefined })}>
                    {controls.clearFilters}
                  </Button>
                }
              />
            }
          />
        ) : null}
        {items ? (
          <div className="argus-pagination">
            <p className="argus-pagination__range" role="status">
              {words.count(items.length.toLocaleString(language))}
            </p>
            {shown && shown.length < items.length ? (
              <Button onClick={() => setAll(true)}>
                {words.more((items.length - shown.length).toLocaleString(language))}
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
    </>
  );
}
