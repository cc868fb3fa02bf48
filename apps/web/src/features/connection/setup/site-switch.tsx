import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useSaveRemoteSite } from './queries.ts';
import { StopSite } from './stop-site.tsx';

/** 有効: takes effect at once. Asks first if the site is in use. */
export function SiteSwitch({ site, onError }: { site: RemoteSiteView; onError: (error: unknown) => void }) {
  const words = useText('connection/setup').sites;
  const toast = useToast();
  const save = useSaveRemoteSite();
  const [asking, setAsking] = useState(false);
  const apply = (active: boolean) => {
    const { name, url, disableProtocolSecurity, description, version } = site;
    save.mutate(
      { id: site.id, body: { name, url, disableProtocolSecurity, description, active, version } },
      {
        onSuccess: () => {
          setAsking(false);
          onError(null);
          toast((active ? words.switchedOn : words.switchedOff)(name));
        },
        onError: (error) => {
          if (!asking) onError(error);
        },
      },
    );
  };
  const toggle = (active: boolean) => {
    save.reset();
    if (!active && site.usedBy.length > 0) setAsking(true);
    else apply(active);
  };
  return (
    <>
      <Switch label={words.activeOf(site.name)} checked={site.active} busy={save.isPending} onChange={toggle} />
      {asking ? (
        <StopSite
          site={site}
          title={words.switchOffTitle}
          action={words.switchOff}
          text={words.switchOffText(site.name)}
          busy={save.isPending}
          error={save.error}
          onConfirm={() => apply(false)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
