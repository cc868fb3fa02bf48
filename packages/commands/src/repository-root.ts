import { resolve } from 'node:path';

/** Absolute path of this checkout. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');
