import { expect, test } from 'vitest';
import { toAppError } from './to-app-error.ts';

test.each([
  [undefined, 'internal_error'],
  [399, 'internal_error'],
  [400, 'request_invalid'],
  [429, 'too_many_requests'],
  [499, 'request_invalid'],
  [500, 'internal_error'],
  [503, 'internal_error'],
])('an error of Fastify with status %s is %s', (statusCode, code) => {
  expect(toAppError(Object.assign(new Error('of Fastify'), { statusCode })).code).toBe(code);
});
