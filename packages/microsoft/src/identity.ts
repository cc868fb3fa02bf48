import { present } from '@argus/fields/present';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { type GraphCall, graphGet, malformedReply } from './graph.ts';
import { identifier, oneFormOfId, principalName, text } from './reply-fields.ts';

/** The account that an access token belongs to. */
export type MicrosoftAccount = {
  readonly objectId: string;
  readonly userPrincipalName: string;
  readonly displayName?: string;
  /** May be null, and a user can change it: never match on it. */
  readonly mail: string | null;
};

const Me = Type.Object({
  id: Type.Unknown(),
  userPrincipalName: Type.Unknown(),
  displayName: Type.Optional(Type.Unknown()),
  mail: Type.Optional(Type.Unknown()),
});

/**
 * Reads `GET {graphRoot}/me`.
 * @throws MicrosoftFailure of the call `identity`
 * @see https://learn.microsoft.com/graph/api/user-get
 */
export async function readMe(call: GraphCall & { readonly graphRoot: string }): Promise<MicrosoftAccount> {
  const url = `${call.graphRoot}/me?$select=id,userPrincipalName,displayName,mail`;
  const reply = await graphGet({ ...call, url, call: 'identity' });
  const { json } = reply;
  if (!Value.Check(Me, json)) throw malformedReply('identity', reply);
  const objectId = identifier(json.id);
  const userPrincipalName = principalName(json.userPrincipalName);
  if (objectId === undefined || userPrincipalName === undefined) throw malformedReply('identity', reply);
  return {
    objectId: oneFormOfId(objectId),
    userPrincipalName,
    mail: text(json.mail) ?? null,
    ...present({ displayName: text(json.displayName) }),
  };
}
