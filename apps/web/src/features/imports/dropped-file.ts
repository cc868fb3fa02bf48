/** What was dropped or chosen: one file, or why it cannot be taken. */
export type Dropped =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'folder' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'several'; readonly count: number };

/** A part of a DataTransfer that this looks at. */
interface Dragged {
  readonly files: ArrayLike<File>;
  readonly items: ArrayLike<Pick<DataTransferItem, 'kind' | 'webkitGetAsEntry'>>;
}

/** Reads a drop. Must be called while its event is handled: the browser empties it afterwards. */
export function readDrop({ files, items }: Dragged): Dropped {
  const dropped = Array.from(items).filter(({ kind }) => kind === 'file');
  // Text from another window has items, but no file.
  if (dropped.some((item) => item.webkitGetAsEntry()?.isDirectory)) return { kind: 'folder' };
  return readChoice(files);
}

/** Reads what the browser's own dialog gave. */
export function readChoice(files: ArrayLike<File>): Dropped {
  if (files.length > 1) return { kind: 'several', count: files.length };
  const file = files[0];
  return file ? { kind: 'file', file } : { kind: 'nothing' };
}
