/** `{PUBLIC_URL}/services/authcallback/{suffix}`, as Salesforce names it. */
export function callbackUrl(publicUrl: string, suffix: string): string {
  return `${publicUrl}/services/authcallback/${encodeURIComponent(suffix)}`;
}

/** Where the code flow starts: `{PUBLIC_URL}/services/auth/oauth/{suffix}`, as Salesforce names it. */
export function startUrl(publicUrl: string, suffix: string): string {
  return `${publicUrl}/services/auth/oauth/${encodeURIComponent(suffix)}`;
}
