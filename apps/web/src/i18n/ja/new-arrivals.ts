export const newArrivals = {
  title: '新着メール',
};
