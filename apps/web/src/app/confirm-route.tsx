import { ConfirmView } from '../features/connection/authorize/confirm-view.tsx';
import { BareFrame } from './bare-frame.tsx';

/** /authorization/confirm#TICKET: a pop-up without a session, or whoever was sent the link, so it stands outside the portal's frame. */
export function ConfirmRoute() {
  return (
    <BareFrame>
      <ConfirmView />
    </BareFrame>
  );
}
