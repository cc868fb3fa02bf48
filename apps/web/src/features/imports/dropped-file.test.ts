import { expect, test } from 'vitest';
import { readDrop } from './dropped-file.ts';

const file = new File(['x'], 'a.csv');
const item = (kind: string, isDirectory = false) => ({
  kind,
  webkitGetAsEntry: () => (kind === 'file' ? ({ isDirectory } as FileSystemEntry) : null),
});

test('one file is accepted', () => {
  expect(readDrop({ files: [file], items: [item('file')] })).toEqual({ kind: 'file', file });
});

test('a folder, several files and dragged text are each refused with a reason', () => {
  expect(readDrop({ files: [file], items: [item('file', true)] })).toEqual({ kind: 'folder' });
  expect(readDrop({ files: [file, file, file], items: [item('file'), item('file'), item('file')] })).toEqual({
    kind: 'several',
    count: 3,
  });
  expect(readDrop({ files: [], items: [item('string')] })).toEqual({ kind: 'nothing' });
});
