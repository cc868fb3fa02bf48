import { findErrorId } from '@argus/contract/errors/find-error-id';

/** How long a search may become in an address, in bytes: servers cut off at 16 KiB of headers. */
const limit = 6_000;

/**
 * A pasted text as a search that still fits into an address: in one line, and of a long one the beginning, with the error ID
 * and the AADSTS numbers of the rest before it.
 */
export function shortenSearch(text: string): string {
  // A space at the end belongs to whoever is still typing.
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
