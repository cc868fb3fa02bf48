import { ConfirmView } from '../features/connection/authorize/confirm-view.tsx';
import { BareFrame } from './bare-frame.tsx';

/**
 * /authorization/confirm#TICKET: opened in a pop-up without a session, or by anybody who was sent the link, so it is
 * outside the portal's frame.
 */
export function ConfirmRoute() {
  return (
    <BareFrame>
      <ConfirmView />
    </BareFrame>
  );
}
