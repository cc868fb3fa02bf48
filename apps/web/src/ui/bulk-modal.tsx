import { type ReactNode, useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { ProblemError } from '../lib/api-client.ts';
import { Button } from './button.tsx';
import { ErrorViewOf } from './error-view.tsx';
import { Modal } from './modal.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { ScopedNotification } from './scoped-notification.tsx';
import { type BulkFailure, useBulkRun } from './use-bulk-run.ts';

/** An action on rows, and how it is taken back. */
interface Deed<Row> {
  readonly label: string;
  readonly work: (row: Row) => Promise<Row>;
}

/** How many names of failed rows are told for one reason. */
const namesTold = 10;

/** Asks before an action on several rows, shows how far it is, and tells what was done, what was not and why. */
export function BulkModal<Row>(props: {
  title: string;
  rows: readonly Row[];
  nameOf: (row: Row) => string;
  action: Deed<Row> & { readonly destructive?: boolean };
  undo?: Deed<Row>;
  onEnd: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, rows, nameOf, action, undo, onEnd, onClose, children } = props;
  const { cancel, close } = useText('common');
  const words = useText('controls').bulk;
  const { progress, run, stop } = useBulkRun<Row>();
  const [undoing, setUndoing] = useState(false);
  const start = async (some: readonly Row[], deed: Deed<Row>) => {
    await run(some, deed.work);
    onEnd();
  };
  if (progress.state === 'idle') {
    return (
      <Modal
        title={title}
        onClose={onClose}
        footer={
          <>
            <Button onClick={onClose}>{cancel}</Button>
            <Button
              variant={action.destructive ? 'destructive' : 'brand'}
              onClick={() => void start(rows, action)}
              disabled={rows.length === 0}
            >
              {action.label}
            </Button>
          </>
        }
      >
        <div className="argus-prose">{children}</div>
      </Modal>
    );
  }
  const { succeeded, failures, total } = progress;
  if (progress.state === 'running') {
    return (
      <Modal title={title} footer={<Button onClick={stop}>{words.stop}</Button>}>
        <ProgressBar label={words.running} done={succeeded.length + failures.length} total={total} />
      </Modal>
    );
  }
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          {undo && !undoing && succeeded.length > 0 ? (
            <Button
              onClick={() => {
                setUndoing(true);
                void start(succeeded, undo);
              }}
            >
              {undo.label}
            </Button>
          ) : null}
          <Button variant="brand" onClick={onClose}>
            {close}
          </Button>
        </>
      }
    >
      <div className="argus-prose" role="status">
        <ScopedNotification kind={failures.length > 0 ? 'warning' : 'success'}>
          {undoing ? words.undone(succeeded.length) : words.done(succeeded.length)}
        </ScopedNotification>
        {progress.stopped ? <p>{words.stopped(total - succeeded.length - failures.length)}</p> : null}
        <Failures failures={failures} nameOf={nameOf} />
      </div>
    </Modal>
  );
}

/** Each reason once, with the rows it applies to. */
function Failures<Row>({ failures, nameOf }: { failures: readonly BulkFailure<Row>[]; nameOf: (row: Row) => string }) {
  const words = useText('controls').bulk;
  if (failures.length === 0) return null;
  const namesOf = (some: readonly BulkFailure<Row>[]) =>
    some
      .slice(0, namesTold)
      .map(({ row }) => nameOf(row))
      .join(words.comma);
  const byReason = Map.groupBy(failures, ({ error }) => (error instanceof ProblemError ? error.problem.code : ''));
  return (
    <>
      <p className="argus-strong">{words.failed(failures.length)}</p>
      {[...byReason].map(([reason, some]) => (
        <section key={reason}>
          <p>
            <bdi className="argus-data">{namesOf(some)}</bdi>
            {some.length > namesTold ? ` ${words.others(some.length - namesTold)}` : null}
          </p>
          <ErrorViewOf error={some[0]?.error} />
        </section>
      ))}
    </>
  );
}
