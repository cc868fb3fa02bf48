import { EgressFailure } from '@argus/egress/egress-failure';
import { probeCertificate, probeConnection, probeWay } from '@argus/egress/probe-host';
import { type DoctorCase, errorOf, fact, type Side, urlOf } from './doctor-case.ts';
import { cannotCheck, type Examiner, failed, ok } from './examination.ts';

/** More addresses add no information. */
const mostAddresses = 4;

/**
 * DNS and TLS of both endpoints' hosts, under the rules of a real call. Where the outbound proxy resolves the name, the step of the
 * name asks the proxy for the connection instead.
 */
export function hostExaminers(examined: DoctorCase): readonly Examiner[] {
  return [...sideExaminers(examined, 'token'), ...sideExaminers(examined, 'mail')];
}

function sideExaminers(examined: DoctorCase, side: Side): readonly Examiner[] {
  const { services, settings, deadline } = examined;
  const connectTimeoutMs = settings.connectTimeoutSeconds * 1000;
  const probe = () => ({ url: urlOf(examined, side), deadline, connectTimeoutMs });
  return [
    {
      id: `${side}_dns`,
      needs: [`${side}_site`],
      async examine({ note, timed }) {
        try {
          const way = await timed(() => probeWay(services.egress, probe()));
          if (way.through === 'proxy') {
            note(fact('proxy', way.proxy));
            return cannotCheck('outbound_proxy');
          }
          note(...way.addresses.slice(0, mostAddresses).map((address) => fact('address', address)));
          return ok;
        } catch (error) {
          // An administrator may allow it in the remote site.
          const denied = error instanceof EgressFailure ? error.fact.address : undefined;
          if (denied !== undefined) note(fact('address', denied));
          return failed(errorOf(examined, side, error));
        }
      },
    },
    {
      id: `${side}_tls`,
      needs: [`${side}_dns`],
      async examine({ note, timed }) {
        try {
          if (/^http:/i.test(urlOf(examined, side))) {
            await timed(() => probeConnection(services.egress, probe()));
            return cannotCheck('plain_http');
          }
          const certificate = await timed(() => probeCertificate(services.egress, probe()));
          note(fact('validUntil', certificate.validUntil.toISOString()));
          if (certificate.issuer !== '') note(fact('certificateIssuer', certificate.issuer));
          return ok;
        } catch (error) {
          return failed(errorOf(examined, side, error));
        }
      },
    },
  ];
}
