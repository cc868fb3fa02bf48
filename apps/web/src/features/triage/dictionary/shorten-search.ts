import { findErrorId } from '@argus/contract/errors/find-error-id';

/** The longest search in an address, in bytes: servers refuse headers above 16 KiB. */
const limit = 6_000;

/**
 * A pasted text as a search that fits into an address: on one line. A long text is cut to its beginning, preceded by
 * its error ID and AADSTS numbers.
 */
export function shortenSearch(text: string): string {
  // A trailing space belongs to somebody who is still typing.
  const line = /[\r\n]/.test(text) ? text.replace(/\s+/g, ' ').trim() : text;
  if (sizeOf(line) <= limit) return line;
  const numbers = [...new Set(line.match(/AADSTS\d{3,9}/gi))].slice(0, 20);
  const marks = [findErrorId(line), ...numbers].filter((mark) => mark !== undefined).join(' ');
  let end = line.length;
  while (sizeOf(`${marks} ${line.slice(0, end)}`) > limit) end = Math.floor(end * 0.8);
  return `${marks} ${wellFormed(line.slice(0, end))}`.trim();
}

function sizeOf(text: string): number {
  return encodeURIComponent(wellFormed(text)).length;
}

/** Without half a character at the end. */
function wellFormed(text: string): string {
  return text.toWellFormed().replace(/\uFFFD$/, '');
}
