import { expect, test } from 'vitest';
import { groupOf } from './group-causes.ts';

test('a cause is open until all its users have recovered, and one without users stays open', () => {
  const of = (users: number, recoveredUsers: number, ofPresentProvider = true) =>
    groupOf({ users, recoveredUsers, ofPresentProvider });
  expect([of(0, 0), of(3, 2), of(3, 3)]).toEqual(['open', 'open', 'recovered']);
  expect([of(3, 0, false), of(3, 3, false)]).toEqual(['elsewhere', 'elsewhere']);
});
