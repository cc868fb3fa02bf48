import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startDeadline } from '../src/deadline.ts';
import { EgressFailure } from '../src/egress-failure.ts';
import { fromNodeError } from '../src/from-node-error.ts';

const origin = 'https://good.example';
const withCode = (code: string, syscall?: string) => Object.assign(new Error('prose'), { code, syscall });
const kindOf = (error: unknown) => fromNodeError(error, origin).kind;

describe('failures by their code', () => {
  test.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EAI_FAIL', 'dns'],
    ['ENODATA', 'dns'],
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['CERT_NOT_YET_VALID', 'tls'],
    ['CERT_REVOKED', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect_timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['UND_ERR_ABORTED', 'timeout'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['EHOSTUNREACH', 'network'],
    ['ENETUNREACH', 'network'],
    ['SOMETHING_NEW', 'network'],
  ])('%s is %s', (code, kind) => {
    expect(fromNodeError(withCode(code), origin)).toEqual({ kind, origin, osCode: code });
  });

  test('a code is found in a cause and in an AggregateError', () => {
    expect(kindOf(new TypeError('fetch failed', { cause: withCode('ENOTFOUND') }))).toBe('dns');
    expect(kindOf(new AggregateError([withCode('EHOSTUNREACH'), withCode('ECONNREFUSED')]))).toBe('refused');
    const nested = new Error('a', { cause: new Error('b', { cause: new AggregateError([withCode('EPIPE')]) }) });
    expect(kindOf(nested)).toBe('reset');
  });

  test('a failure of our own keeps its fact, however deep it is wrapped', () => {
    const own = new EgressFailure({ kind: 'address_denied', origin: 'good.example', address: '10.0.0.1' });
    expect(fromNodeError(new Error('x', { cause: own }), origin)).toEqual({
      kind: 'address_denied',
      origin,
      address: '10.0.0.1',
    });
  });

  test('the step decides where a code has two meanings', () => {
    expect(kindOf(withCode('ETIMEDOUT', 'connect'))).toBe('connect_timeout');
    expect(kindOf(withCode('ETIMEDOUT', 'read'))).toBe('timeout');
    expect(kindOf(withCode('ECONNREFUSED', 'queryA'))).toBe('dns');
    expect(kindOf(withCode('ETIMEOUT', 'queryAaaa'))).toBe('dns');
  });

  test('prose is never read', () => {
    for (const message of ['ECONNREFUSED', 'getaddrinfo ENOTFOUND x', 'certificate has expired', 'timeout']) {
      expect(fromNodeError(new Error(message), origin)).toEqual({ kind: 'network', origin });
    }
  });

  test('a failure after the deadline is a timeout, unless Argus itself refused', async () => {
    const deadline = startDeadline(5);
    expect(fromNodeError(withCode('ECONNRESET'), origin, startDeadline(1000)).kind).toBe('reset');
    await sleep(20);
    expect(fromNodeError(withCode('ECONNRESET'), origin, deadline).kind).toBe('timeout');
    const refused = new EgressFailure({ kind: 'plain_http', origin });
    expect(fromNodeError(refused, origin, deadline).kind).toBe('plain_http');
    expect(kindOf(deadline.signal.reason)).toBe('timeout');
  });

  test('non-errors, and errors that refer to each other in a circle, become a network failure', () => {
    const circle = new Error('a');
    circle.cause = circle;
    for (const thrown of [circle, undefined, null, 'ECONNREFUSED', 42, { code: 7 }]) {
      expect(fromNodeError(thrown, origin)).toEqual({ kind: 'network', origin });
    }
  });
});
