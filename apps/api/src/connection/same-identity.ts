import { oneFormOfId } from '@argus/microsoft/reply-fields';

/** Whether two ids of an account or tenant are the same, in whichever form Entra or Graph sends them. */
export function isSameId(one: string, other: string): boolean {
  return oneFormOfId(one) === oneFormOfId(other);
}

/** Whether a grant may be that of the account to which a link is pinned: a name may go to another account, an id does not. */
export function mayBePinned(
  { pinnedObjectId }: { readonly pinnedObjectId: string | null },
  { objectId }: { readonly objectId: string | null },
): boolean {
  return pinnedObjectId === null || objectId === null || isSameId(pinnedObjectId, objectId);
}
