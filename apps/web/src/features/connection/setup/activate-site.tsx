import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import { useText } from '../../../i18n/text-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { ConfirmModal } from '../../../ui/confirm-modal.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { remoteSitesQuery, useSaveRemoteSite } from './queries.ts';

/** 「有効にする」: activates a registered but inactive site in place, after confirming its origin. */
export function ActivateSite({ origin, onMended }: { origin: string; onMended?: () => void }) {
  const words = useText('connection/setup').sites;
  const [asking, setAsking] = useState(false);
  // The dialog first returns the focus to the button, which is about to disappear.
  const done = () => {
    flushSync(() => setAsking(false));
    onMended?.();
  };
  return (
    <>
      <Button variant="base" onClick={() => setAsking(true)}>
        {words.switchOn}
      </Button>
      {asking
        ? createPortal(<ActivateModal origin={origin} onDone={done} onClose={() => setAsking(false)} />, document.body)
        : null}
    </>
  );
}

function ActivateModal(props: { origin: string; onDone: () => void; onClose: () => void }) {
  const { origin, onDone, onClose } = props;
  const words = useText('connection/setup').sites;
  const toast = useToast();
  const sites = useQuery({ ...remoteSitesQuery, staleTime: 0 });
  const save = useSaveRemoteSite();
  const site = sites.data?.items.find((each) => each.origin === origin);
  const activate = () => {
    if (!site) return;
    const { id, name, url, disableProtocolSecurity, description, version } = site;
    save.mutate(
      { id, body: { name, url, disableProtocolSecurity, description, version, active: true } },
      {
        onSuccess: () => {
          toast(words.switchedOn(name));
          onDone();
        },
        // Somebody else may have changed it: the next try uses its current state.
        onError: () => void sites.refetch(),
      },
    );
  };
  return (
    <ConfirmModal
      title={words.switchOnTitle}
      action={words.switchOn}
      destructive={false}
      busy={save.isPending || !site}
      error={save.error ?? sites.error}
      onConfirm={activate}
      onClose={onClose}
    >
      <p className="argus-confirm-origin argus-code">{origin}</p>
      {site ? (
        <p>
          <bdi>{words.switchOnText(site.name)}</bdi>
        </p>
      ) : null}
      <p>{words.confirmText}</p>
    </ConfirmModal>
  );
}
