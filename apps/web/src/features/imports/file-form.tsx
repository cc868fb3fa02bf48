import type { CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { useText } from '../../i18n/text-context.tsx';

/** The required format of a file, beside the file chooser. */
export function FileForm({ table }: { table: CsvTable }) {
  const words = useText('csv').importing.form;
  return (
    <div>
      <h3 className="argus-step__subtitle">{words.title}</h3>
      <ul className="argus-points">
        <li>{words.header(words.columns[table])}</li>
        <li>{words.values[table]}</li>
        <li>{words.template[table]}</li>
        <li>{words.encoding}</li>
      </ul>
      <p className="argus-quiet">{words.safe}</p>
    </div>
  );
}
