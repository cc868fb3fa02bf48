import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import type { ShownProblem } from '../../lib/shown-problem.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorView, RetryButton } from '../../ui/error-view.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ReconnectButton } from '../../ui/reconnect-button.tsx';

/** How many lines of a message the band shows: what is wrong, and why or what to do. */
const bandLines = 2;

/** Above a list that could not be renewed: the error in short, the next step, and on demand the whole error instead. */
export function FaultBand(props: { problem: ShownProblem; onRetry?: () => void; retrying: boolean }) {
  const { problem, onRetry, retrying } = props;
  const words = useText('mail');
  const common = useText('common');
  const [open, setOpen] = useState(false);
  return (
    <section className="argus-band" data-code={problem.code}>
      <div className="argus-band__row">
        {open ? null : (
          <>
            <Icon name="utility:warning" tone="warning" label={common.kinds.warning} />
            <p className="argus-band__text" role="status">
              {problem.lines.slice(0, bandLines).join(' ')}
            </p>
          </>
        )}
        <div className="argus-band__actions">
          <Button variant="base" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? words.hideDetails : words.details}
          </Button>
          {problem.retry === 'after_reconnect' ? (
            <ReconnectButton afterwards={words.afterwards} />
          ) : onRetry ? (
            <RetryButton retryAt={problem.retryAt} onRetry={onRetry} busy={retrying} />
          ) : null}
        </div>
      </div>
      {open ? <ErrorView problem={problem} /> : null}
    </section>
  );
}

/** Above a list that is not refreshed because there is no network. */
export function OfflineBand() {
  const words = useText('mail');
  return (
    <section className="argus-band">
      <div className="argus-band__row">
        <Icon name="utility:offline" />
        <p className="argus-band__text" role="status">
          {words.offlineBand}
        </p>
      </div>
    </section>
  );
}
