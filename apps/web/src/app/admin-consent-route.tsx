import { AdminConsentView } from '../features/connection/authorize/admin-consent-view.tsx';
import { BareFrame } from './bare-frame.tsx';

/**
 * /authorization/admin-consent: where Microsoft sends an Entra administrator, who need not have an account here, so it
 * is outside the portal's frame.
 */
export function AdminConsentRoute() {
  return (
    <BareFrame>
      <AdminConsentView />
    </BareFrame>
  );
}
