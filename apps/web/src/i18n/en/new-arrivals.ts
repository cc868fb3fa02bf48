import type { newArrivals as japanese } from '../ja/new-arrivals.ts';

export const newArrivals: typeof japanese = {
  title: 'New mail',
};
