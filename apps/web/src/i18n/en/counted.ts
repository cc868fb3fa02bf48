/** 「1 user」, 「1,200 users」. A string is an already formatted number. */
export function counted(count: number | string, one: string, many: string): string {
  const shown = typeof count === 'number' ? count.toLocaleString('en') : count;
  return `${shown} ${shown === '1' ? one : many}`;
}
