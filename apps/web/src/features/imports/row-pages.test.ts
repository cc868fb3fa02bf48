import { expect, test } from 'vitest';
import { readRowPage, toFirstPage, toNextPage, toPreviousPage } from './row-pages.ts';

test('paging forward and back by the address ends where it began', () => {
  const first = readRowPage({});
  expect(first).toEqual({ page: 1, after: 0, before: [] });
  const second = toNextPage(first, 53);
  expect(second).toEqual({ page: '2', after: '53', before: '0' });
  const third = toNextPage(readRowPage(second), 107);
  expect(third).toEqual({ page: '3', after: '107', before: '0.53' });
  expect(toPreviousPage(readRowPage(third))).toEqual(second);
  expect(toPreviousPage(readRowPage(second))).toEqual(toFirstPage);
});

test('the address stays short after many pages; going back beyond it leads to the first page', () => {
  let params = toNextPage(readRowPage({}), 50);
  for (let page = 2; page < 5000; page++) params = toNextPage(readRowPage(params), page * 50);
  expect(params.before?.length).toBeLessThan(400);
  let steps = 0;
  while (params.page !== undefined) {
    params = toPreviousPage(readRowPage(params));
    steps++;
  }
  expect(steps).toBe(40);
});

test.each([
  { page: '2', after: 'x', before: '0' },
  { page: '-1', after: '3', before: '0' },
  { page: '3', after: '100', before: '0.<script>' },
  { page: '2', after: '99999999999999', before: '0' },
])('an invalid address shows the first page: %o', (params) => {
  expect(readRowPage(params)).toEqual({ page: 1, after: 0, before: [] });
});
