const day = 24 * 60 * 60 * 1000;

/**
 * Whole days from today, in the viewer's time zone, until a calendar date (2027-05-20); negative once it is past. NaN
 * for an invalid date.
 */
export function daysUntil(date: string, now: Date): number {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!parts) return Number.NaN;
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return (Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) - today) / day;
}

/** How urgent an expiry is: 'expired' once the date is past, 'soon' in the last 30 days, otherwise 'fine'. */
export function expiryUrgency(daysLeft: number): 'expired' | 'soon' | 'fine' {
  if (daysLeft < 0) return 'expired';
  return daysLeft <= 30 ? 'soon' : 'fine';
}
