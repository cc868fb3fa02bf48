import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useQuery } from '@tanstack/react-query';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { sharedFaultsQuery } from './queries.ts';

/** What several rows have wrong in the same way, each once: a thousand rows are often one mistake. */
export function SharedFaults({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const { comma } = useText('controls').bulk;
  const language = useLanguage();
  const { data } = useQuery(sharedFaultsQuery(view));
  const number = (value: number) => value.toLocaleString(language);
  // Without them the rows still say it, each for itself.
  if (!data || data.items.length === 0) return null;
  return (
    <ScopedNotification kind="error">
      <p className="argus-strong">{words.sharedFaults}</p>
      <ul className="argus-points">
        {data.items.map(({ header, code, message, rows, lines }) => (
          <li key={`${header} ${code} ${message}`}>
            {header === null ? null : <strong>{words.inColumn(header)}</strong>}
            {message} {words.sharedBy(number(rows), lines.map(number).join(comma) + (rows > lines.length ? ' …' : ''))}
          </li>
        ))}
      </ul>
    </ScopedNotification>
  );
}
