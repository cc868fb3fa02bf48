import type { DirectoryUser } from '../data/demo-company.ts';
import { graphIdOf } from '../entra/personal-account.ts';
import type { World } from '../world.ts';
import { readSelect } from './mail-query.ts';

const defaultProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];
const properties = new Set([
  ...defaultProperties,
  'accountEnabled',
  'assignedPlans',
  'companyName',
  'department',
  'mailNickname',
  'otherMails',
  'proxyAddresses',
  'usageLocation',
  'userType',
]);

/** GET /me and /users/{id}. @throws GraphError 400 for an unknown property in `$select` */
export function describeUser(world: World, user: DirectoryUser, query: URLSearchParams): Record<string, unknown> {
  const select = readSelect(query.get('$select'), properties, 'microsoft.graph.user');
  const all: Record<string, unknown> = {
    businessPhones: [],
    displayName: user.displayName,
    givenName: user.givenName,
    jobTitle: user.jobTitle,
    mail: user.mail,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: 'ja-JP',
    surname: user.surname,
    userPrincipalName: user.userPrincipalName,
    id: graphIdOf(user),
    accountEnabled: user.accountEnabled,
    assignedPlans: user.hasMailbox
      ? [{ capabilityStatus: 'Enabled', service: 'exchange', servicePlanId: 'efb87545-963c-4e0d-99df-69c6916d9eb0' }]
      : [],
    companyName: world.state.tenant.displayName,
    department: user.department,
    mailNickname: user.userPrincipalName.split('@', 1)[0],
    otherMails: [],
    proxyAddresses: user.mail === null ? [] : [`SMTP:${user.mail}`],
    usageLocation: 'JP',
    userType: 'Member',
  };
  const names = select ?? defaultProperties;
  const suffix = select === null ? '' : `(${select.join(',')})`;
  return {
    '@odata.context': `${world.graphUrl}/v1.0/$metadata#users${suffix}/$entity`,
    ...Object.fromEntries(names.map((name) => [name, all[name]])),
  };
}
