/** Figures of several rounds: the one in the middle, the least and the greatest. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return { median: (low + high) / 2, least: sorted[0] ?? 0, greatest: sorted.at(-1) ?? 0 };
}

/**
 * Measures two things alternately, the second one first in every other round, after one round that does not count.
 * Whatever else the machine does meets both alike.
 */
export async function alternate<T>(
  rounds: number,
  reference: () => Promise<T>,
  argus: () => Promise<T>,
): Promise<readonly { readonly reference: T; readonly argus: T }[]> {
  const measured: { reference: T; argus: T }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const first = await reference();
      measured.push({ reference: first, argus: await argus() });
    } else {
      const first = await argus();
      measured.push({ reference: await reference(), argus: first });
    }
  }
  return measured.slice(1);
}

/** A row of the report. */
export interface ResultRow {
  readonly id: string;
  readonly what: string;
  /** What is compared with the limit. */
  readonly figure: Spread;
  readonly limit: { readonly kind: 'least' | 'most'; readonly value: number };
  /** The measured values behind it, in the middle, for whoever wants to know more than the ratio. */
  readonly behind: string;
}

export function isReached({ figure, limit }: ResultRow): boolean {
  return limit.kind === 'least' ? figure.median >= limit.value : figure.median <= limit.value;
}

const two = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

/** The report as a table in Markdown. */
export function reportOf(rows: readonly ResultRow[]): string {
  return [
    '| id | what | median | least – greatest | limit | reached | behind it |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const { id, what, figure, limit, behind } = row;
      const bound = `${limit.kind === 'least' ? '≥' : '≤'} ${limit.value}`;
      const range = `${two(figure.least)} – ${two(figure.greatest)}`;
      return `| ${id} | ${what} | ${two(figure.median)} | ${range} | ${bound} | ${isReached(row) ? 'yes' : 'NO'} | ${behind} |`;
    }),
  ].join('\n');
}
