/** The first line, plus the last one where the message ends with more than advice (エラー：401 …). */
export function headlineOf(lines: readonly string[]): string {
  const last = lines.length > 2 ? lines.at(-1) : undefined;
  return [lines[0], last === undefined || /^[・-]/.test(last) ? undefined : last].filter(Boolean).join(' ');
}
