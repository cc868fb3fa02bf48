import { useText } from '../i18n/text-context.tsx';
import { pages } from '../pages.ts';
import { AppLink } from './app-link.tsx';
import { CsvExport } from './csv-export.tsx';
import type { CsvSource } from './csv-source.ts';

/** The tables that can be imported, too. */
type Importable = Exclude<CsvSource, { table: 'error_events' | 'audit_events' }>;

const importPaths: Readonly<Record<Importable['table'], string>> = {
  account_links: pages.newAccountLinksImport.path,
  users: pages.newUsersImport.path,
};

/** 「CSV取込」 and 「CSV出力」, in the header of the table's page. */
export function CsvActions({ source }: { source: Importable }) {
  const words = useText('csv');
  return (
    <>
      <AppLink to={importPaths[source.table]} className="slds-button slds-button_neutral">
        {words.importing.button}
      </AppLink>
      <CsvExport source={source} />
    </>
  );
}
