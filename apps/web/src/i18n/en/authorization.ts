import type { authorization as japanese } from '../ja/authorization.ts';

export const authorization: typeof japanese = {
  title: 'Authorization',
};
