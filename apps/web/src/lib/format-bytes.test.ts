import { expect, test } from 'vitest';
import { formatBytes } from './format-bytes.ts';

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KB'],
  [3_355_443, '3.2 MB'],
  [209_715_200, '200 MB'],
  [5 * 1024 ** 4, '5,120 GB'],
])('%i bytes read as %s', (bytes, text) => expect(formatBytes(bytes, 'ja')).toBe(text));
