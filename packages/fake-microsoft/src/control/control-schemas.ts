/** JSON schemas of the control API's bodies; unknown fields are refused, so that a misspelling is noticed. */

const text = { type: 'string' };
const nullableText = { type: ['string', 'null'] };
const nullableFlag = { type: ['boolean', 'null'] };
const flag = { type: 'boolean' };
const texts = { type: 'array', items: text };
const address = {
  anyOf: [
    { type: 'null' },
    text,
    { type: 'object', additionalProperties: false, properties: { name: nullableText, address: nullableText } },
  ],
};

export const mail = object(['user'], {
  user: text,
  subject: nullableText,
  from: address,
  sender: address,
  preview: nullableText,
  body: nullableText,
  importance: nullableText,
  isRead: nullableFlag,
  hasAttachments: nullableFlag,
  flagStatus: nullableText,
  categories: texts,
  receivedDateTime: nullableText,
  webLink: nullableText,
  inferenceClassification: text,
  folder: text,
  type: text,
  meetingMessageType: nullableText,
  raw: {},
});
export const mailId = object(['user', 'id'], { user: text, id: text });
export const mailRead = object(['user', 'id'], { user: text, id: text, isRead: flag });
export const user = object(['user'], { user: text });
export const optionalUser = object([], { user: text });

export const switches = object([], {
  secretState: { enum: ['valid', 'wrong', 'expired'] },
  tokenLifetimeSeconds: { type: 'integer', minimum: 1 },
  strictRotation: flag,
  withholdRefreshToken: flag,
  legacyMessages: flag,
  managedConsentPolicy: flag,
  idTokenClaims: { type: 'object' },
});
export const rotate = object([], { keepOld: flag });
export const app = object([], {
  clientId: text,
  displayName: text,
  redirectUris: texts,
  multiTenant: flag,
  enabled: flag,
  delegatedPermissions: texts,
  applicationPermissions: texts,
});

export const newUser = object(['userPrincipalName', 'displayName'], {
  userPrincipalName: text,
  displayName: text,
  mail: nullableText,
  hasMailbox: flag,
  oid: text,
});
export const rename = object(['userPrincipalName'], { userPrincipalName: text });
export const mailbox = object(['hasMailbox'], { hasMailbox: flag });
export const revoke = object([], { accessTokens: flag });

export const signIn = object(['authorizeUrl', 'user'], { authorizeUrl: text, user: text, accept: flag });

function object(required: string[], properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', required, additionalProperties: false, properties };
}
