import type { Language } from '@argus/contract/language';

const units = ['B', 'KB', 'MB', 'GB'] as const;

/** 「832 B」, 「3.2 MB」: a size in steps of 1024, with one decimal from KB on. */
export function formatBytes(bytes: number, language: Language): string {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const size = bytes / 1024 ** step;
  const digits = step === 0 || size >= 100 ? 0 : 1;
  return `${size.toLocaleString(language, { maximumFractionDigits: digits })} ${units[step]}`;
}
