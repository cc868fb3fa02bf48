import { probeAddresses, probeCertificate, probeConnection } from '@argus/egress/probe-host';
import { type DoctorCase, errorOf, fact, type Side, urlOf } from './doctor-case.ts';
import { cannotCheck, type Examiner, failed, ok } from './examination.ts';

/** More addresses add no information. */
const mostAddresses = 4;

/** DNS and TLS of both endpoints' hosts, under the rules of a real call. */
export function hostExaminers(examined: DoctorCase): readonly Examiner[] {
  return [...sideExaminers(examined, 'token'), ...sideExaminers(examined, 'mail')];
}

function sideExaminers(examined: DoctorCase, side: Side): readonly Examiner[] {
  const { services, settings, deadline } = examined;
  const probe = () => ({ url: urlOf(examined, side), deadline });
  return [
    {
      id: `${side}_dns`,
      needs: [`${side}_site`],
      async examine({ note, timed }) {
        try {
          const addresses = await timed(() => probeAddresses(services.egress, probe()));
          note(...addresses.slice(0, mostAddresses).map((address) => fact('address', address)));
          return ok;
        } catch (error) {
          return failed(errorOf(examined, side, error));
        }
      },
    },
    {
      id: `${side}_tls`,
      needs: [`${side}_dns`],
      async examine({ note, timed }) {
        const connectTimeoutMs = settings.connectTimeoutSeconds * 1000;
        try {
          if (/^http:/i.test(urlOf(examined, side))) {
            await timed(() => probeConnection(services.egress, { ...probe(), connectTimeoutMs }));
            return cannotCheck('plain_http');
          }
          const certificate = await timed(() => probeCertificate(services.egress, { ...probe(), connectTimeoutMs }));
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
