/** The cache key of the new mail; a change of the authorization makes it stale, a sign-out removes it. */
export const newArrivalsKey = ['new-arrivals'] as const;
