import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { judgeAddress, type PrivateNetwork } from './address-policy.ts';
import { EgressFailure } from './egress-failure.ts';

export type ResolvedAddress = { readonly address: string; readonly family: number };

/** Resolves a name to all its addresses; rejects with the resolver's error. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true });

/** Resolves a name and refuses it if any of its addresses may not be called. */
async function resolveVetted(
  hostname: string,
  resolve: Resolve,
  privateNetwork: PrivateNetwork,
  ranges: readonly string[],
): Promise<readonly ResolvedAddress[]> {
  const addresses = await resolve(hostname);
  // DNS rebinding hides one private answer among public ones; no legitimate service mixes them.
  const denied = addresses.find(({ address }) => !judgeAddress(address, privateNetwork, ranges).allowed);
  if (denied !== undefined) {
    throw new EgressFailure({ kind: 'address_denied', origin: hostname, address: denied.address });
  }
  if (addresses.length === 0) throw new EgressFailure({ kind: 'dns', origin: hostname, osCode: 'ENODATA' });
  return addresses;
}

/**
 * A `lookup` for `net.connect` and `tls.connect`. The socket connects to the very addresses that were judged; the
 * name is not resolved again, so an answer that changes in between (DNS rebinding) has no effect.
 * @param ranges the addresses that the site may have besides public ones, in CIDR form
 */
export function createVettedLookup(
  privateNetwork: PrivateNetwork,
  resolve: Resolve = resolveBySystem,
  ranges: readonly string[] = [],
): LookupFunction {
  return (hostname, options, callback) => {
    resolveVetted(hostname, resolve, privateNetwork, ranges).then(
      (addresses) => {
        if (options.all) {
          callback(null, [...addresses]);
          return;
        }
        const [first] = addresses;
        callback(null, first?.address ?? '', first?.family ?? 0);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
