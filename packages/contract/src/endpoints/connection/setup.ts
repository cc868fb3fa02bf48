import Type, { type Static } from 'typebox';
import type { Endpoint } from '../endpoint.ts';
import { idParams, noContent, nullable, text, timestamp, version, warningSchema } from '../shared-schemas.ts';

const tag = 'setup';

/** Whether a URL may be called: its origin against the remote sites. */
export const coverageSchema = Type.Object({
  /** The URL's form field. */
  field: Type.String(),
  url: Type.String(),
  /** null where the text is not a URL. */
  origin: nullable(Type.String()),
  status: Type.Union([
    Type.Literal('covered'),
    Type.Literal('not_registered'),
    Type.Literal('inactive'),
    Type.Literal('protocol_security'),
    Type.Literal('address_denied'),
    /** No remote site can allow it. */
    Type.Literal('address_closed'),
    Type.Literal('malformed'),
  ]),
  /** The remote site that covers it. */
  siteName: nullable(Type.String()),
  nearMisses: Type.Array(Type.Object({ origin: Type.String(), difference: Type.String(), label: Type.String() })),
});
export type Coverage = Static<typeof coverageSchema>;

const settingsFields = {
  mailUrl: text(),
  authProviderUrlSuffix: text(255),
  mailCount: Type.Integer(),
  unreadOnly: Type.Boolean(),
  previewEnabled: Type.Boolean(),
  refreshIntervalSeconds: Type.Integer(),
  connectTimeoutSeconds: Type.Integer(),
  totalTimeoutSeconds: Type.Integer(),
  /** How long エラーログ is kept. Days. */
  errorRetentionDays: Type.Integer(),
  /** After this long without a success, a user or the whole connection counts as faulty; 0 = off. Hours. */
  noSuccessHours: Type.Integer(),
};
export const settingsSchema = Type.Object(
  {
    ...settingsFields,
    /** Whom to ask about a forgotten password: one line of the sign-in page; '' = Argus' own words. */
    signInHelp: Type.String(),
    version: Type.Integer(),
    updatedAt: timestamp(),
    coverage: Type.Array(coverageSchema),
    warnings: Type.Array(warningSchema),
  },
  { $id: 'Settings' },
);
export type SettingsView = Static<typeof settingsSchema>;

const authProviderFields = {
  name: text(255),
  urlSuffix: text(255),
  consumerKey: text(255),
  authorizeEndpointUrl: text(),
  tokenEndpointUrl: text(),
  issuer: nullable(text()),
  defaultScopes: text(),
  resource: nullable(text()),
  clientAuthentication: Type.Union([Type.Literal('body'), Type.Literal('header')]),
  /** Date (2027-05-20) on which the consumer secret expires; null = unknown. */
  consumerSecretExpiresOn: nullable(text(20)),
};
export const authProviderSchema = Type.Object(
  {
    id: Type.String(),
    ...authProviderFields,
    /** Something that a call needs is still missing: nothing uses it yet, also where 基本設定 names it. */
    unfinished: Type.Boolean(),
    /** The secret itself is never returned. */
    consumerSecretSetAt: nullable(timestamp()),
    callbackUrl: Type.String(),
    startUrl: Type.String(),
    /** 管理者の同意: where an Entra administrator consents for everybody; null where the provider is not Entra. */
    adminConsentUrl: nullable(Type.String()),
    /** Whether 基本設定 names this provider. */
    inUse: Type.Boolean(),
    /** Users with an authorization at this provider. */
    authorizedUsers: Type.Integer(),
    version: Type.Integer(),
    updatedAt: timestamp(),
    coverage: Type.Array(coverageSchema),
    warnings: Type.Array(warningSchema),
  },
  { $id: 'AuthProvider' },
);
export type AuthProviderView = Static<typeof authProviderSchema>;

const remoteSiteFields = {
  name: text(255),
  url: text(),
  disableProtocolSecurity: Type.Boolean(),
  active: Type.Boolean(),
  description: text(1000),
};
/** Addresses outside the public internet that the site may have: CIDR, with blanks, commas or lines between the ranges. */
const allowedAddressRanges = text(2000);
export const remoteSiteSchema = Type.Object(
  {
    id: Type.String(),
    ...remoteSiteFields,
    /** One range to a line; empty: only the public internet. */
    allowedAddressRanges,
    origin: Type.String(),
    /** What calls this site: the mail URL, or an auth. provider. */
    usedBy: Type.Array(
      Type.Object({
        kind: Type.Union([Type.Literal('mail_url'), Type.Literal('token_endpoint'), Type.Literal('alert')]),
        name: Type.String(),
      }),
    ),
    version: Type.Integer(),
    updatedAt: timestamp(),
    warnings: Type.Array(warningSchema),
  },
  { $id: 'RemoteSite' },
);
export type RemoteSiteView = Static<typeof remoteSiteSchema>;

/** Who is affected if a site or provider goes. */
export const impactSchema = Type.Object(
  {
    /** Users whose mail can be fetched now but could not be then. */
    users: Type.Integer(),
    uses: Type.Array(
      Type.Object({
        kind: Type.Enum(['mail_url', 'token_endpoint', 'settings', 'alert']),
        /** Of the provider or the destination of alerts; empty for 基本設定. */
        name: Type.String(),
        users: Type.Integer(),
      }),
    ),
  },
  { $id: 'Impact' },
);
export type Impact = Static<typeof impactSchema>;

/** The consequences of moving an endpoint to another origin, shown before it is saved. */
export const originMoveSchema = Type.Object(
  {
    /** Whether the endpoint moves at all, and from where to where. */
    moves: Type.Boolean(),
    from: Type.String(),
    to: Type.String(),
    /** How many users must authorize again, and some of them (Salesforceアカウント). */
    suspends: Type.Integer(),
    names: Type.Array(Type.String()),
    /** How many earlier authorizations become valid again. */
    restores: Type.Integer(),
    /** Whether the consumer secret has to be entered again. */
    needsSecret: Type.Boolean(),
    /** Whether saving requires a password proof. */
    needsPassword: Type.Boolean(),
  },
  { $id: 'OriginMove' },
);
export type OriginMove = Static<typeof originMoveSchema>;

const closed = { additionalProperties: false } as const;

/** Without `signInHelp` the stored one stays. */
export const settingsBody = Type.Object(
  { ...settingsFields, signInHelp: Type.Optional(text(200)), version: version() },
  closed,
);

const authProviderForm = {
  ...authProviderFields,
  consumerSecret: Type.Optional(text(1024)),
  /** Whether to keep it although fields are missing. A finished provider stays finished. */
  unfinished: Type.Optional(Type.Boolean()),
};
/** A new provider. */
export const newAuthProviderBody = Type.Object(authProviderForm, closed);
/** Without consumerSecret the stored one stays. */
export const authProviderBody = Type.Object({ ...authProviderForm, version: version() }, closed);

export const setupEndpoints = {
  'GET /api/admin/settings': { summary: '基本設定', tag, access: 'admin', replies: { 200: settingsSchema } },
  'PUT /api/admin/settings': {
    summary: 'Change 基本設定',
    tag,
    access: 'admin',
    body: settingsBody,
    replies: { 200: settingsSchema },
    errors: ['record_changed', 'reauthentication_needed'],
    audit: 'settings_changed',
  },
  'POST /api/admin/settings/origin-move': {
    summary: 'Who must authorize again if the mail URL becomes this one',
    tag,
    access: 'admin',
    body: Type.Object({ mailUrl: text() }, closed),
    replies: { 200: originMoveSchema },
  },
  'POST /api/admin/covered-origins': {
    summary: 'Which origins these URLs call, and whether the remote sites cover them; nothing is called',
    tag,
    access: 'admin',
    body: Type.Object(
      { urls: Type.Array(Type.Object({ field: text(100), url: text() }, closed), { maxItems: 10 }) },
      closed,
    ),
    replies: { 200: Type.Object({ coverage: Type.Array(coverageSchema) }) },
  },
  'GET /api/admin/auth-providers': {
    summary: '認証プロバイダ',
    tag,
    access: 'admin',
    replies: { 200: Type.Object({ items: Type.Array(authProviderSchema) }) },
  },
  'POST /api/admin/auth-providers': {
    summary: 'Create an auth. provider',
    tag,
    access: 'admin',
    body: newAuthProviderBody,
    replies: { 201: authProviderSchema },
    errors: ['value_taken'],
    audit: 'auth_provider_created',
  },
  'GET /api/admin/auth-providers/:id': {
    summary: 'One auth. provider',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: authProviderSchema },
    errors: ['not_found'],
  },
  'PUT /api/admin/auth-providers/:id': {
    summary: 'Change an auth. provider; without consumerSecret the stored one stays',
    tag,
    access: 'admin',
    params: idParams,
    body: authProviderBody,
    replies: { 200: authProviderSchema },
    errors: ['not_found', 'value_taken', 'record_changed', 'reauthentication_needed'],
    audit: 'auth_provider_changed',
  },
  'POST /api/admin/auth-providers/:id/origin-move': {
    summary: 'Who must authorize again if the token endpoint URL becomes this one',
    tag,
    access: 'admin',
    params: idParams,
    body: Type.Object({ tokenEndpointUrl: text() }, closed),
    replies: { 200: originMoveSchema },
    errors: ['not_found'],
  },
  'GET /api/admin/auth-providers/:id/impact': {
    summary: 'Whom it stops if an auth. provider is deleted or switched off',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: impactSchema },
    errors: ['not_found'],
  },
  'DELETE /api/admin/auth-providers/:id': {
    summary: 'Delete an auth. provider, and the authorizations at it',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 204: noContent },
    errors: ['not_found'],
    audit: 'auth_provider_deleted',
  },
  'GET /api/admin/remote-sites': {
    summary: 'リモートサイト',
    tag,
    access: 'admin',
    replies: { 200: Type.Object({ items: Type.Array(remoteSiteSchema) }) },
  },
  'POST /api/admin/remote-sites': {
    summary: 'Register a remote site',
    tag,
    access: 'admin',
    body: Type.Object({ ...remoteSiteFields, allowedAddressRanges: Type.Optional(allowedAddressRanges) }, closed),
    replies: { 201: remoteSiteSchema },
    errors: ['value_taken'],
    audit: 'remote_site_created',
  },
  'GET /api/admin/remote-sites/:id': {
    summary: 'One remote site',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: remoteSiteSchema },
    errors: ['not_found'],
  },
  'PUT /api/admin/remote-sites/:id': {
    summary: 'Change a remote site; without allowedAddressRanges the stored ones stay',
    tag,
    access: 'admin',
    params: idParams,
    body: Type.Object(
      { ...remoteSiteFields, allowedAddressRanges: Type.Optional(allowedAddressRanges), version: version() },
      closed,
    ),
    replies: { 200: remoteSiteSchema },
    errors: ['not_found', 'value_taken', 'record_changed'],
    audit: 'remote_site_changed',
  },
  'GET /api/admin/remote-sites/:id/impact': {
    summary: 'Whom it stops if a remote site is deleted or switched off',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 200: impactSchema },
    errors: ['not_found'],
  },
  'DELETE /api/admin/remote-sites/:id': {
    summary: 'Remove a remote site',
    tag,
    access: 'admin',
    params: idParams,
    replies: { 204: noContent },
    errors: ['not_found'],
    audit: 'remote_site_deleted',
  },
} as const satisfies Record<string, Endpoint>;
