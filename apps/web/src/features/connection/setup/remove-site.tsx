import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { useText } from '../../../i18n/text-context.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useDeleteRemoteSite } from './queries.ts';
import { StopSite } from './stop-site.tsx';

/** Asks before a remote site is deleted, and says who is affected. */
export function RemoveSite(props: { site: RemoteSiteView; onClose: () => void; onRemoved?: () => void }) {
  const { site, onClose, onRemoved } = props;
  const words = useText('connection/setup').sites;
  const { remove } = useText('controls');
  const toast = useToast();
  const deletion = useDeleteRemoteSite();
  const confirm = () =>
    deletion.mutate(site.id, {
      onSuccess: () => {
        toast(words.removed);
        onClose();
        onRemoved?.();
      },
    });
  return (
    <StopSite
      site={site}
      title={words.removeTitle}
      action={remove}
      text={words.removeText(site.name)}
      busy={deletion.isPending}
      error={deletion.error}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
