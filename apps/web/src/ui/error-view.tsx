import { type ReactNode, useMemo } from 'react';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { formatClock, formatCountdown } from '../lib/format-time.ts';
import { fromError, type ShownProblem } from '../lib/shown-problem.ts';
import { useSecondsUntil } from '../lib/use-now.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';
import { latePart, useLatePart } from './late-part.ts';

// Nobody but an administrator sees it, and no first view has an error.
const adminDetails = latePart(async () => (await import('./admin-details.tsx')).AdminDetails);

/** Any thrown error, for the error view. */
export function useShownError(error: unknown): ShownProblem {
  const { faults } = useText('common');
  return useMemo(() => fromError(error, faults), [error, faults]);
}

/**
 * The only view of an error: what happened, whether and when to retry, what to tell the help desk, and for
 * administrators why.
 */
export function ErrorView(props: {
  problem: ShownProblem;
  /** Retries; the button counts down until another try is sensible, and is left out where none can help. */
  onRetry?: () => void;
  retrying?: boolean;
  /** The retry button's text instead of 「再読み込み」. */
  retryLabel?: string;
  /** Facts of this error besides its message, such as the two accounts of a mismatch. */
  facts?: ReactNode;
  /** The other sensible next steps, before the retry button. */
  actions?: ReactNode;
}) {
  const { problem, onRetry, retrying = false, retryLabel, facts, actions } = props;
  const words = useText('common');
  const language = useLanguage();
  return (
    <section className="argus-error" data-code={problem.code}>
      <div className="argus-error__message" role="alert">
        <Icon name="utility:warning" tone="warning" size="small" label={words.kinds.warning} />
        <MessageLines lines={problem.lines} />
      </div>
      {facts}
      <div className="argus-error__actions">
        {actions}
        {onRetry ? (
          <RetryButton
            retryAt={problem.retryAt}
            onRetry={onRetry}
            busy={retrying}
            {...(retryLabel ? { label: retryLabel } : {})}
          />
        ) : null}
        {problem.helpDeskText ? <CopyButton text={problem.helpDeskText} label={words.copyForHelpDesk} /> : null}
        {problem.errorId ? (
          <p className="argus-error__id">
            {words.errorId} <span className="argus-code">{problem.errorId}</span> ·{' '}
            {formatClock(problem.occurredAt, language, { seconds: true })}
          </p>
        ) : null}
      </div>
      {problem.admin ? <DetailsForAdmins problem={problem} detail={problem.admin} /> : null}
    </section>
  );
}

function DetailsForAdmins({ problem, detail }: { problem: ShownProblem; detail: NonNullable<ShownProblem['admin']> }) {
  const { Component: AdminDetails } = useLatePart(adminDetails);
  // The message stands without them.
  if (AdminDetails === undefined) return null;
  return <AdminDetails code={problem.code} detail={detail} errorId={problem.errorId} />;
}

/** The error view for anything thrown. */
export function ErrorViewOf({ error, ...rest }: { error: unknown } & Omit<Parameters<typeof ErrorView>[0], 'problem'>) {
  return <ErrorView {...rest} problem={useShownError(error)} />;
}

/** The message line by line, unchanged; points (・) are indented. */
export function MessageLines({ lines }: { lines: readonly string[] }) {
  return (
    <div className="argus-lines">
      {lines.map((line) => (
        <p key={line} className={/^[・-]/.test(line) ? 'argus-lines__point' : undefined} dir="auto">
          {line}
        </p>
      ))}
    </div>
  );
}

/** 「再読み込み (0:20)」: disabled until `retryAt`, with a countdown. */
export function RetryButton(props: { retryAt: number | null; onRetry: () => void; busy?: boolean; label?: string }) {
  const { retryAt, onRetry, busy = false, label } = props;
  const words = useText('common');
  const seconds = useSecondsUntil(retryAt);
  const name = label ?? words.retry;
  return (
    <Button icon="utility:refresh" variant="outline-brand" onClick={onRetry} busy={busy} disabled={seconds > 0}>
      {seconds > 0 ? `${name} (${formatCountdown(seconds)})` : name}
    </Button>
  );
}
