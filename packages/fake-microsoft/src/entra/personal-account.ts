import type { DirectoryUser } from '../data/demo-company.ts';

/** The tenant of all personal accounts. */
const consumerTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';
const personal = /^0{8}-0{4}-0{4}-([\da-f]{4})-([\da-f]{12})$/i;

/** The tenant that Entra names for a user. */
export function tenantIdOf(user: DirectoryUser | null, ownTenant: string): string {
  return user !== null && personal.test(user.oid) ? consumerTenant : ownTenant;
}

/** Graph's `id` of a user: of a personal account the 16 digits alone, as id_tokens do not have them. */
export function graphIdOf({ oid }: DirectoryUser): string {
  return oid.replace(personal, '$1$2');
}
