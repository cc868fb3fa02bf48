import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { formatBytes } from '../../lib/format-bytes.ts';
import { DataText } from '../../ui/data-text.tsx';

/** Which file it is, and how it was read. */
export function FileFacts({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const { fileName, fileBytes, encoding, separator } = view;
  return (
    <div className="argus-step__file">
      <p className="argus-file-name">
        <DataText text={fileName} /> <span className="argus-quiet">{formatBytes(fileBytes, language)}</span>
      </p>
      {encoding !== null && separator !== null ? (
        <p className="argus-quiet">
          {words.format(words.encodings[encoding] ?? encoding, words.separators[separator] ?? separator)}
        </p>
      ) : null}
    </div>
  );
}
