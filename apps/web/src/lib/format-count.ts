import type { Language } from '@argus/contract/language';

/**
 * A whole number with its groups: 「1,234」. Below a thousand it has none, and does without the browser's own formatter, whose first use
 * costs a phone a tenth of a second.
 */
export function formatCount(count: number, language: Language): string {
  return count < 1000 ? String(count) : count.toLocaleString(language);
}
