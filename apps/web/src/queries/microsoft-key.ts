/**
 * The prefix of every query key that holds data of Microsoft for the signed-in user. Such data is purged and reloaded by
 * this prefix alone (lib/connection-changed.ts), so no feature has to be known there.
 */
export const microsoftKey = ['microsoft'] as const;
