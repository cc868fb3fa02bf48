import { useEffect } from 'react';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { IconButton } from './button.tsx';
import { pageSizes, type TablePage } from './use-table-page.ts';

/** Which rows of how many are shown, and the way to the others. Goes back to the last page when there are fewer than before. */
export function Pagination({ table, total, stale }: { table: TablePage; total: number; stale: boolean }) {
  const { page, pageSize, onPage, onPageSize } = table;
  const words = useText('controls');
  const language = useLanguage();
  const number = (value: number) => value.toLocaleString(language);
  const pages = Math.max(1, Math.ceil(total / pageSize));
  useEffect(() => {
    // While another page is on its way, the total is still that of the last one.
    if (!stale && page > pages) onPage(pages, { replace: true });
  }, [page, pages, stale, onPage]);
  const from = Math.min(total, (page - 1) * pageSize + 1);
  const to = Math.min(total, page * pageSize);
  return (
    <nav className="argus-pagination" aria-label={words.pages}>
      <p className="argus-pagination__range" role="status">
        {total === 0 ? words.noneOf : words.range(number(from), number(to), number(total))}
      </p>
      {total > Math.min(...pageSizes) ? (
        <>
          <label className="argus-pagination__size">
            <span className="slds-assistive-text">{words.pageSize}</span>
            <select
              className="slds-select"
              value={pageSize}
              onChange={(event) => onPageSize(Number(event.target.value))}
            >
              {pageSizes.map((size) => (
                <option key={size} value={size}>
                  {words.perPage(size)}
                </option>
              ))}
            </select>
          </label>
          <span className="argus-pagination__pages">
            <IconButton
              variant="border"
              icon="utility:chevronleft"
              label={words.previous}
              disabled={page <= 1}
              onClick={() => onPage(page - 1)}
            />
            <span>{words.page(number(Math.min(page, pages)), number(pages))}</span>
            <IconButton
              variant="border"
              icon="utility:chevronright"
              label={words.next}
              disabled={page >= pages}
              onClick={() => onPage(page + 1)}
            />
          </span>
        </>
      ) : null}
    </nav>
  );
}
