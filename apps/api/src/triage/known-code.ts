import { type ErrorCode, isErrorCode } from '@argus/contract/errors/error-catalogue';

/** A stored code; one that this version does not know was written by a later one that shares the database. */
export function knownCode(code: string): ErrorCode {
  return isErrorCode(code) ? code : 'internal_error';
}
