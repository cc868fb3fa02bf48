import type { Causes } from '../entry.ts';
import { clientCauses, secretCauses } from './client.ts';
import { consentCauses, scopeCauses } from './consent.ts';
import { grantCauses, revokedCauses } from './grant.ts';
import { identityCauses } from './identity.ts';
import { tokenEndpointCauses } from './network.ts';
import { serviceCauses } from './service.ts';
import { cloudCauses, tenantCauses } from './tenant.ts';

/** What the token endpoint may answer for every purpose, except what a row of the customer's table covers. */
export const tokenCauses = {
  ...clientCauses,
  ...cloudCauses,
  ...scopeCauses,
  ...consentCauses,
  ...serviceCauses,
  ...identityCauses,
  ...revokedCauses,
} as const satisfies Causes;

/** Everything that can fail at the token endpoint when a grant is refreshed. */
export const refreshCauses = {
  ...tokenCauses,
  ...tenantCauses,
  ...secretCauses,
  ...grantCauses,
  ...tokenEndpointCauses,
} as const satisfies Causes;
