import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../../i18n/text-context.tsx';
import { ConfirmModal } from '../../../ui/confirm-modal.tsx';
import { ImpactNotice } from './impact-notice.tsx';
import { siteImpactQuery } from './queries.ts';

/** Asks before a site can no longer be called, and says who is affected. */
export function StopSite(props: {
  site: RemoteSiteView;
  title: string;
  action: string;
  text: string;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { site, text, busy, ...modal } = props;
  const words = useText('connection/setup').impact;
  const impact = useQuery(siteImpactQuery(site.id));
  return (
    <ConfirmModal {...modal} busy={busy || impact.isLoading}>
      <p>
        <bdi>{text}</bdi>
      </p>
      <ImpactNotice query={impact} stopped={words.stopped} />
    </ConfirmModal>
  );
}
