/** What was dropped or chosen: one file, or why it is not accepted. */
export type Dropped =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'folder' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'several'; readonly count: number };

/** The part of a DataTransfer used here. */
interface Dragged {
  readonly files: ArrayLike<File>;
  readonly items: ArrayLike<Pick<DataTransferItem, 'kind' | 'webkitGetAsEntry'>>;
}

/** Reads a drop. Must be called while its event is handled: the browser empties it afterwards. */
export function readDrop({ files, items }: Dragged): Dropped {
  const dropped = Array.from(items).filter(({ kind }) => kind === 'file');
  // Text dragged from another window has items, but no file.
  if (dropped.some((item) => item.webkitGetAsEntry()?.isDirectory)) return { kind: 'folder' };
  return readChoice(files);
}

/** Reads the result of the browser's file dialog. */
export function readChoice(files: ArrayLike<File>): Dropped {
  if (files.length > 1) return { kind: 'several', count: files.length };
  const file = files[0];
  return file ? { kind: 'file', file } : { kind: 'nothing' };
}
