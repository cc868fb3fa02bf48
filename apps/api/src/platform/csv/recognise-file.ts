import type { CsvRefusalReason } from '@argus/contract/csv-refusals';

const signatures: readonly { readonly hex: string; readonly reason: CsvRefusalReason }[] = [
  // An OLE container: .xls, and .xlsx with a password.
  { hex: 'd0cf11e0a1b11ae1', reason: 'old_workbook' },
  { hex: '25504446', reason: 'pdf' },
  // gzip, 7z, RAR, PNG, JPEG, GIF
  { hex: '1f8b', reason: 'binary' },
  { hex: '377abcaf271c', reason: 'binary' },
  { hex: '526172211a07', reason: 'binary' },
  { hex: '89504e47', reason: 'binary' },
  { hex: 'ffd8ff', reason: 'binary' },
  { hex: '47494638', reason: 'binary' },
];

/** The file's type by its first bytes, where it is not text. */
export function recogniseFile(start: Uint8Array): CsvRefusalReason | undefined {
  const latin = Buffer.from(start.buffer, start.byteOffset, start.length).toString('latin1');
  if (latin.startsWith('PK\x03\x04') || latin.startsWith('PK\x05\x06')) return recogniseZip(latin);
  const head = Buffer.from(latin.slice(0, 8), 'latin1').toString('hex');
  return signatures.find(({ hex }) => head.startsWith(hex))?.reason;
}

/** Whether the text is a web page or XML, which Excel also opens under the name .xls or .csv. */
export function isMarkup(text: string): boolean {
  return /^\s*<(?:!--|(?:!doctype|\?xml|html|head|body|meta|table|style|script)\b)/i.test(text);
}

/** The name of each entry precedes it, uncompressed: `xl/workbook.xml`. */
function recogniseZip(latin: string): CsvRefusalReason {
  if (latin.includes('xl/') || latin.includes('opendocument.spreadsheet')) return 'workbook';
  const otherOffice = latin.includes('word/') || latin.includes('ppt/');
  return latin.includes('[Content_Types].xml') && !otherOffice ? 'workbook' : 'zip';
}
