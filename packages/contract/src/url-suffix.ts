/** Whether a text is a valid URL suffix by Salesforce's developer-name rules. */
export function isUrlSuffix(text: string): boolean {
  return text.length <= 255 && /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/.test(text);
}
