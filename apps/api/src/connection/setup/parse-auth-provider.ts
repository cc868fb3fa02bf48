import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import { type Form, readForm } from '../../platform/http/read-form.ts';
import { authorizeUrlFault } from '../oauth/authorize-url.ts';
import type { AuthProvider } from '../records/auth-providers.ts';
import { parseUrlSuffix } from './parse-settings.ts';

type FormField =
  | 'name'
  | 'urlSuffix'
  | 'consumerKey'
  | 'authorizeEndpointUrl'
  | 'tokenEndpointUrl'
  | 'issuer'
  | 'defaultScopes'
  | 'resource'
  | 'clientAuthentication'
  | 'consumerSecretExpiresOn'
  | 'unfinished';

/** A provider's form fields, without the secret. */
export type AuthProviderFields = Pick<AuthProvider, FormField>;

export interface ParsedAuthProvider {
  readonly fields: AuthProviderFields;
  /** undefined: the stored one stays. */
  readonly consumerSecret: string | undefined;
}

/**
 * @param options.mayBeUnfinished whether the form may say that fields are still missing; what is there must be right
 * all the same
 * @throws AppError request_invalid, which names every invalid field
 */
export function parseAuthProvider(
  body: Omit<Pick<AuthProviderView, FormField>, 'unfinished'> & { consumerSecret?: string; unfinished?: boolean },
  { mayBeUnfinished }: { readonly mayBeUnfinished: boolean },
): ParsedAuthProvider {
  const unfinished = mayBeUnfinished && body.unfinished === true;
  const isLeftOut = (text: string) => unfinished && text.trim() === '';
  return readForm((form) => {
    if (unfinished && body.consumerSecret !== undefined && isLeftOut(body.tokenEndpointUrl)) {
      form.refuse('consumerSecret', 'secret_needs_token_endpoint');
    }
    const urlSuffix = parseUrlSuffix(form, 'urlSuffix', body.urlSuffix);
    if (urlSuffix === null) form.refuse('urlSuffix', 'required');
    const resource = parseResource(form, body.resource);
    return {
      fields: {
        name: form.requiredText('name', body.name),
        urlSuffix: urlSuffix ?? '',
        consumerKey: isLeftOut(body.consumerKey) ? '' : parseCredential(form, 'consumerKey', body.consumerKey),
        authorizeEndpointUrl: isLeftOut(body.authorizeEndpointUrl)
          ? ''
          : parseAuthorizeUrl(form, body.authorizeEndpointUrl),
        tokenEndpointUrl: isLeftOut(body.tokenEndpointUrl)
          ? ''
          : (form.url('tokenEndpointUrl', body.tokenEndpointUrl)?.url ?? ''),
        issuer: parseIssuer(form, body.issuer),
        defaultScopes: parseScopes(form, body.defaultScopes, resource === null && !unfinished),
        resource,
        clientAuthentication: body.clientAuthentication,
        consumerSecretExpiresOn: parseDate(form, 'consumerSecretExpiresOn', body.consumerSecretExpiresOn),
        unfinished,
      },
      consumerSecret:
        body.consumerSecret === undefined ? undefined : parseCredential(form, 'consumerSecret', body.consumerSecret),
    };
  });
}

/** Where users sign in: never over plain http, except on loopback. */
function parseAuthorizeUrl(form: Form, text: string): string {
  const url = form.url('authorizeEndpointUrl', text)?.url ?? '';
  if (url !== '' && authorizeUrlFault(url) !== null) form.refuse('authorizeEndpointUrl', 'url_https_needed');
  return url;
}

/** Compared with `iss` character by character (RFC 9207): validated as a URL, stored as typed. */
function parseIssuer(form: Form, text: string | null): string | null {
  const issuer = form.optionalText('issuer', text);
  return issuer === null ? null : (form.url('issuer', issuer)?.typed ?? null);
}

/** Scope tokens (RFC 6749, 3.3), separated by one space. Optional only for v1 endpoints, which name a resource. */
function parseScopes(form: Form, text: string, required: boolean): string {
  const scopes = text.split(/\s+/).filter((scope) => scope !== '');
  if (required && scopes.length === 0) form.refuse('defaultScopes', 'required');
  if (!scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))) {
    form.refuse('defaultScopes', 'scope_malformed');
  }
  return scopes.join(' ');
}

/** An App ID URI or an application's GUID, as v1 endpoints accept it. */
function parseResource(form: Form, text: string | null): string | null {
  const resource = form.optionalText('resource', text);
  if (resource !== null && !/^[\x21-\x7e]+$/.test(resource)) form.refuse('resource', 'type_wrong');
  return resource;
}

function parseDate(form: Form, field: string, text: string | null): Date | null {
  const given = form.optionalText(field, text?.normalize('NFKC') ?? null);
  if (given === null) return null;
  const parts = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(given);
  const [year, month, day] = (parts?.slice(1) ?? []).map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0));
  if (parts && year !== undefined && year >= 1970 && date.getUTCMonth() + 1 === month && date.getUTCDate() === day) {
    return date;
  }
  form.refuse(field, 'date_invalid');
  return null;
}

/** A client id or secret (RFC 6749, appendix A.1 and A.2). Blanks around it come from copying. */
function parseCredential(form: Form, field: 'consumerKey' | 'consumerSecret', text: string): string {
  const credential = form.requiredText(field, text);
  if (!/^[\x20-\x7e]*$/.test(credential)) form.refuse(field, 'ascii_only');
  return credential;
}
