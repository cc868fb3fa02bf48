/** 「1 user」, 「1,200 users」. A text is a number that is formatted already. */
export function counted(count: number | string, one: string, many: string): string {
  const shown = typeof count === 'number' ? count.toLocaleString('en') : count;
  return `${shown} ${shown === '1' ? one : many}`;
}
