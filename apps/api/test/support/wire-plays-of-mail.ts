import type { Problem } from '@argus/contract/errors/problem';
import { providerOf } from './build-app.ts';
import { taroUpn } from './linked-taro.ts';
import { doing, entra, graphAt, jiroUpn, type Play, type PlaysOf, playsOf, type Stage } from './wire-play.ts';
import { proxyPlays } from './wire-plays-of-proxy.ts';
import { legacySecret, tokenPlays } from './wire-plays-of-token.ts';

const graph = graphAt('messages');

const challenge = {
  headers: {
    'www-authenticate': 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="',
  },
};

/** The token endpoint has refused this grant before, two minutes ago. */
function refusedBefore(play: Play): Play {
  return {
    ...play,
    when: `${play.when}, and did so before`,
    arrange: async (stage) => {
      const { db, now } = stage.argus.services;
      await db.grant.updateMany({ data: { refusedOnceAt: new Date(now().getTime() - 120_000) } });
      await play.arrange?.(stage);
    },
  };
}

/** Sets the mail URL to this folder. */
function folder({ argus, change }: Stage, path: string) {
  return change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/${path}` });
}

/** The portlet of a user other than the one with the grant. */
async function portletOf({ argus }: Stage, username: string): Promise<Problem> {
  return (await argus.signedIn(username)).fails('GET /api/new-arrivals', { query: { refresh: true } });
}

/** How to provoke each error of the portlet. */
export const mailPlays: PlaysOf<'mail'> = {
  ...playsOf('mail', tokenPlays),
  ...playsOf('mail', proxyPlays, {}),
  ...playsOf('mail', {
    grant_expired: [
      doing('the refresh token lies unused for 90 days', ({ control }) => control.expireRefreshTokens(taroUpn), {
        endsGrant: true,
      }),
      entra(400, 'invalid_grant', [70008]),
    ],
    grant_expired_spa: [entra(400, 'invalid_grant', [700084])],
    sign_in_frequency: [entra(400, 'invalid_grant', [70043])],
    refresh_refused_once: [
      entra(400, 'invalid_grant', [70000]),
      entra(400, 'invalid_grant', [9002313], { suberror: 'bad_token' }),
      entra(400, 'invalid_grant'),
      { ...entra(400, 'invalid_grant', [4242424]), uncatalogued: true },
    ],
    grant_damaged: [
      refusedBefore(entra(400, 'invalid_grant', [9002313], { suberror: 'bad_token' })),
      refusedBefore(entra(400, 'invalid_grant', [70000])),
    ],
    token_site_not_registered: [
      doing('the token site is switched off', ({ change }) => change.site('login', false)),
      doing('the host of the token URL is mistyped', ({ change }) =>
        change.provider({ tokenEndpointUrl: 'https://login.microsoftonline.example/t/oauth2/v2.0/token' }),
      ),
    ],
    token_endpoint_unreachable: [
      doing('nobody listens at the token URL', async ({ change }) =>
        change.provider({ tokenEndpointUrl: `${await change.closedSite()}/oauth2/v2.0/token` }),
      ),
      doing('the token URL shows a web page', ({ control }) => control.addFault({ target: 'token', kind: 'html' })),
    ],
    token_endpoint_not_found: [
      doing('the path of the token URL is mistyped', ({ argus, change }) =>
        change.provider({ tokenEndpointUrl: providerOf(argus.fake).tokenEndpointUrl.replace('/token', '/tokne') }),
      ),
    ],
    client_rejected: [legacySecret, entra(401, 'invalid_client')],
    reconnect_needed: [
      refusedBefore(entra(400, 'invalid_grant')),
      refusedBefore({ ...entra(400, 'invalid_grant', [4242424]), uncatalogued: true }),
      entra(400, 'interaction_required'),
      entra(400, 'login_required'),
    ],
  }),

  mail_provider_not_found: [
    doing('the suffix is mistyped', ({ change }) => change.settings({ authProviderUrlSuffix: 'Mistyped' })),
  ],
  mail_connection_moved: [
    doing('an administrator moves the mail URL to another site that answers', async ({ argus, change }) =>
      change.settings({ mailUrl: `${argus.fake.loginUrl}/v1.0/me/messages` }),
    ),
  ],
  mail_not_linked: [
    { when: 'the user has no account link', meet: (stage) => portletOf(stage, 'unlinked@argus.example') },
  ],
  mail_not_authorized: [
    {
      when: 'the user has not authorized',
      meet: async (stage) => {
        await stage.argus.services.db.grant.deleteMany();
        return portletOf(stage, 'taro@argus.example');
      },
    },
  ],
  mail_account_mismatch: [doing('another account has authorized', async ({ user }) => user.authorize(jiroUpn))],
  mail_timeout: [
    doing('Graph hangs', async ({ control, change }) => {
      await change.settings({ totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 });
      control.addFault({ target: 'messages', kind: 'hangBeforeHeaders' });
    }),
  ],
  mail_not_found: [
    doing('the path of the mail URL is mistyped', (stage) => folder(stage, 'mailFolderz/inbox/messages')),
    graph(400, 'BadRequest', { innerCode: 'RequestBroker--ParseUri' }),
    doing('a web server answers 404', ({ control }) =>
      control.addFault({ target: 'messages', kind: 'status', status: 404, body: 'html' }),
    ),
  ],
  mail_site_not_registered: [
    doing('the mail site is switched off', ({ change }) => change.site('graph', false)),
    doing('the host of the mail URL is mistyped', ({ change }) =>
      change.settings({ mailUrl: 'https://graph.microsoft.example/v1.0/me/mailFolders/inbox/messages' }),
    ),
  ],
  mail_endpoint_unreachable: [
    doing('nobody listens at the mail URL', async ({ change }) =>
      change.settings({ mailUrl: `${await change.closedSite()}/v1.0/me/mailFolders/inbox/messages` }),
    ),
    doing('the connection is reset', ({ control }) => control.addFault({ target: 'messages', kind: 'reset' })),
  ],
  mail_unauthorized: [
    graph(401, 'InvalidAuthenticationToken'),
    doing('a gateway answers 401', ({ control }) =>
      control.addFault({ target: 'messages', kind: 'status', status: 401, body: 'html' }),
    ),
  ],
  mail_access_denied: [graph(403, 'ErrorAccessDenied'), { ...graph(403, 'ErrorOfTomorrow'), uncatalogued: true }],
  mail_claims_challenge: [
    doing(
      'the sessions are revoked, access tokens too',
      ({ control }) => control.revokeSessions(taroUpn, { accessTokens: true }),
      { endsGrant: true },
    ),
    graph(401, 'InvalidAuthenticationToken', challenge),
    graph(403, 'insufficient_claims'),
  ],
  mail_mailbox_not_enabled: [
    doing('the mailbox has no licence', ({ control }) => control.setMailbox(taroUpn, false)),
    graph(404, 'MailboxNotEnabledForRESTAPI', { message: 'REST API is not yet supported for this mailbox.' }),
  ],
  mail_personal_account_unsupported: [graph(404, 'MailboxNotSupportedForRESTAPI')],
  mail_exchange_online_missing: [graph(401, 'OrganizationFromTenantGuidNotFound')],
  mail_mailbox_hybrid: [graph(403, 'extensionError'), graph(400, 'extensionError')],
  mail_mailbox_not_found: [
    graph(404, 'ErrorInvalidUser'),
    graph(404, 'ResourceNotFound'),
    graph(404, 'ErrorNonExistentMailbox'),
  ],
  mail_mailbox_busy: [
    graph(503, 'ErrorMailboxMoveInProgress'),
    { ...graph(503, 'ErrorServerBusy', { retryAfter: '9' }), afterSeconds: 9 },
  ],
  mail_mailbox_not_ready: [
    graph(404, 'ErrorItemNotFound', {
      message: 'The specified object was not found in the store., Default folder Root not found.',
    }),
    graph(404, 'ErrorFolderNotFound'),
  ],
  mail_mailbox_full: [graph(403, 'ErrorQuotaExceeded')],
  mail_unexplained: [
    { ...graph(404, 'UnknownError'), values: { status: 404 } },
    { ...graph(401, 'UnknownError'), values: { status: 401 } },
  ],
  mail_folder_not_found: [
    doing('the folder of the mail URL is in no mailbox', (stage) => folder(stage, 'mailFolders/AAMk1/messages')),
    graph(400, 'ErrorInvalidIdMalformed'),
  ],
  mail_query_refused: [
    doing('the query of the mail URL names a property that mail does not have', (stage) =>
      folder(stage, 'mailFolders/inbox/messages?$filter=isJunk eq true'),
    ),
    graph(400, 'InefficientFilter'),
    graph(400, 'ExpandNotSupported'),
  ],
  mail_throttled: [
    { ...graph(429, 'ApplicationThrottled', { retryAfter: '2.128' }), afterSeconds: 3 },
    graph(429, 'UnknownError'),
    { ...entra(429, 'temporarily_unavailable', [90055]), atToken: true },
  ],
  mail_upstream_error: [
    { ...graph(503, 'serviceNotAvailable'), values: { status: 503 } },
    { ...graph(504, 'UnknownError'), values: { status: 504 } },
    { ...entra(503, 'temporarily_unavailable', [90033]), atToken: true, values: { status: 503 } },
  ],
  mail_rejected: [
    { ...graph(410, 'syncStateNotFound'), values: { status: 410 }, uncatalogued: true },
    { ...graph(400, 'BadRequest'), values: { status: 400 }, uncatalogued: true },
    { ...entra(400, 'invalid_request', [90013]), atToken: true, values: { status: 400 }, uncatalogued: true },
  ],
  mail_reply_malformed: [
    doing('the mail URL shows a web page', ({ control }) => control.addFault({ target: 'messages', kind: 'html' })),
    doing('every value has another type', ({ control }) =>
      control.addFault({ target: 'messages', kind: 'wrongTypes' }),
    ),
  ],
};
