// Separate from the endpoints, so that the web can import them without the schemas.

/** The largest file. A million rows of two accounts are some 60 MB. */
export const csvFileLimitBytes = 200 * 1024 * 1024;
/**
 * How much of a file one request carries: on any line it arrives within the server's timeout; PGlite stalls for each.
 */
export const csvPartBytes = 512 * 1024;
