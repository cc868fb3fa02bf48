/**
 * Microsoft's clouds, as data: no other source names their hosts, except example texts. @see
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud @see
 * https://learn.microsoft.com/graph/deployments
 */
export interface Cloud {
  /** Hosts of its login, aliases included; the first is Entra's preferred one. */
  readonly loginHosts: readonly [string, ...string[]];
  /** `iss` of its tokens (v2, v1), with `{tenant}` for the tenant's ID. */
  readonly issuers: readonly string[];
  /** The roots of its Microsoft Graph. */
  readonly graphRoots: readonly [string, ...string[]];
}

export const globalCloud = {
  loginHosts: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  issuers: ['https://login.microsoftonline.com/{tenant}/v2.0', 'https://sts.windows.net/{tenant}/'],
  graphRoots: ['https://graph.microsoft.com'],
} as const satisfies Cloud;

export const clouds: readonly Cloud[] = [
  globalCloud,
  // US government: GCC High and DoD share their login.
  {
    loginHosts: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    issuers: [
      'https://login.microsoftonline.us/{tenant}/v2.0',
      'https://login.microsoftonline.us/{tenant}/',
      'https://sts.windows.net/{tenant}/',
    ],
    graphRoots: ['https://graph.microsoft.us', 'https://dod-graph.microsoft.us'],
  },
  // China, operated by 21Vianet.
  {
    loginHosts: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    issuers: [
      'https://login.partner.microsoftonline.cn/{tenant}/v2.0',
      'https://login.chinacloudapi.cn/{tenant}/v2.0',
      'https://sts.chinacloudapi.cn/{tenant}/',
    ],
    graphRoots: ['https://microsoftgraph.chinacloudapi.cn'],
  },
];

/** Where users read their mail in a browser. */
export const outlookUrl = 'https://outlook.office.com/mail/';

/** Microsoft Graph's application ID as a resource: the same in every tenant and cloud. */
export const graphResource = '00000003-0000-0000-c000-000000000000';
