import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import { useText } from '../../../i18n/text-context.tsx';
import { Badge } from '../../../ui/badge.tsx';

/** Whether a provider is in use, or cannot be yet. */
export function ProviderStatus({ provider }: { provider: Pick<AuthProviderView, 'inUse' | 'unfinished'> }) {
  const words = useText('connection/setup').providers;
  if (provider.unfinished) return <Badge kind="warning">{words.unfinished}</Badge>;
  return provider.inUse ? <Badge kind="success">{words.inUse}</Badge> : <Badge>{words.notInUse}</Badge>;
}
