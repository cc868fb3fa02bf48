import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { OutcomeView } from '../features/connection/authorize/outcome-view.tsx';
import { pages } from '../pages.ts';
import { NavigateProvider } from '../ui/app-link.tsx';
import { BareFrame } from './bare-frame.tsx';

/**
 * /authorization/outcome/$id: where every callback ends. A pop-up may have no session, so it is outside the portal's
 * frame.
 */
export function OutcomeRoute() {
  const { id } = useParams({ from: pages.outcome.path });
  const navigate = useNavigate();
  const back = useCallback(() => void navigate({ to: pages.home.path, replace: true }), [navigate]);
  const go = useMemo(() => (to: string) => void navigate({ href: to }), [navigate]);
  return (
    <NavigateProvider value={go}>
      <BareFrame wide>
        <OutcomeView id={id} onBack={back} />
      </BareFrame>
    </NavigateProvider>
  );
}
