import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

test('a password is hashed by Argon2id at the cost that OWASP names, and full-width spellings are equal', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(hash, 'ｃｏｒｒｅｃｔ horse battery')).toBe(true);
  expect(await verifyPassword(hash, 'correct horse batterx')).toBe(false);
});
