import { type ErrorCode, isErrorCode } from '@argus/contract/errors/error-catalogue';

/** A stored code. A code unknown to this version was written by a later version that shares the database. */
export function knownCode(code: string): ErrorCode {
  return isErrorCode(code) ? code : 'internal_error';
}
