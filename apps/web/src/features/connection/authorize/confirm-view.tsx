import { useQuery } from '@tanstack/react-query';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { UnreachableError } from '../../../lib/api-client.ts';
import { useFragment } from '../../../lib/use-fragment.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorViewOf } from '../../../ui/error-view.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SkeletonLines } from '../../../ui/skeleton.tsx';
import { ticketQuery, useTakeTicket } from './queries.ts';

/**
 * For whom a start URL with a ticket starts an authorization. Anybody can be sent such a link: before signing in at
 * Microsoft, they must see whose account in Argus it would connect.
 */
export function ConfirmView() {
  const words = useText('connection/authorize').confirm;
  const ticket = useFragment();
  const person = useQuery(ticketQuery(ticket, useLanguage()));
  return (
    <Panel title={words.title}>
      {person.data ? (
        <Confirm ticket={ticket} {...person.data} />
      ) : person.error ? (
        <>
          <ErrorViewOf
            error={person.error}
            {...(mayTryAgain(person.error)
              ? { onRetry: () => void person.refetch(), retrying: person.isFetching }
              : {})}
          />
          <CloseWindow />
        </>
      ) : (
        <SkeletonLines />
      )}
    </Panel>
  );
}

function Confirm({ ticket, username, displayName }: { ticket: string; username: string; displayName: string }) {
  const words = useText('connection/authorize').confirm;
  const take = useTakeTicket();
  const go = () => {
    if (!take.isSuccess) take.mutate(ticket);
  };
  if (take.error) {
    return (
      <>
        <ErrorViewOf
          error={take.error}
          {...(mayTryAgain(take.error) ? { onRetry: go, retrying: take.isPending } : {})}
        />
        <CloseWindow />
      </>
    );
  }
  return (
    <div className="argus-confirm">
      <p className="argus-confirm__who">
        <bdi>{words.whose(displayName, username)}</bdi>
      </p>
      <p>{words.next}</p>
      <div className="argus-form__submit">
        <Button variant="brand" onClick={go} busy={take.isPending || take.isSuccess}>
          {words.goOn}
        </Button>
      </div>
      <p>{words.notYou}</p>
    </div>
  );
}

/** A ticket that the API has refused or used up is useless; one that did not reach the API may still work. */
function mayTryAgain(error: unknown): boolean {
  return error instanceof UnreachableError;
}

function CloseWindow() {
  const words = useText('connection/authorize').outcome;
  return (
    <div className="argus-panel__after">
      <Button onClick={() => window.close()}>{words.closeWindow}</Button>
    </div>
  );
}
