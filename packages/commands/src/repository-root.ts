import { resolve } from 'node:path';

/** Absolute path of the checkout that these commands belong to. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');
