import { expect, test } from 'vitest';
import { readErrorLogParams } from './board-params.ts';

test('an empty address is the board of the last day, with every event below', () => {
  expect(readErrorLogParams({})).toEqual({
    window: '24h',
    filter: {},
    cause: undefined,
    events: {},
    boardOpen: true,
    silent: undefined,
  });
});

test('a search for certain errors closes the board above them, unless the address says otherwise', () => {
  const pasted = 'コード: mail_timeout エラーID: 7f3k-29qd';
  expect(readErrorLogParams({ errorId: pasted })).toMatchObject({ events: { errorId: '7F3K-29QD' }, boardOpen: false });
  expect(readErrorLogParams({ causeId: '12' })).toMatchObject({ events: { causeId: 12 }, boardOpen: false });
  expect(readErrorLogParams({ causeId: '12', board: 'open' }).boardOpen).toBe(true);
  expect(readErrorLogParams({ board: 'closed' }).boardOpen).toBe(false);
});

test('invalid values in an address are ignored', () => {
  const read = readErrorLogParams({
    window: '3y',
    mender: 'nobody',
    uncatalogued: 'maybe',
    cause: '9999999999',
    causeId: '-1',
    errorId: 'no id',
    from: 'yesterday',
    silent: 'x',
  });
  expect(read).toEqual(readErrorLogParams({}));
});
