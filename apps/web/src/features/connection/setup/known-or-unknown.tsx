import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { Skeleton, SkeletonBar } from '../../../ui/skeleton.tsx';

/** Shows the consequences of an action beforehand. If they are unknown, it says so; the action stays possible. */
export function KnownOrUnknown<T>(props: {
  query: UseQueryResult<T>;
  unknown: string;
  children: (known: T) => ReactNode;
}) {
  const { query, unknown, children } = props;
  const { retry } = useText('common');
  if (query.data !== undefined) return children(query.data);
  if (!query.error) {
    return (
      <Skeleton>
        <SkeletonBar width={70} thick />
      </Skeleton>
    );
  }
  return (
    <ScopedNotification
      kind="warning"
      actions={
        <Button busy={query.isFetching} onClick={() => void query.refetch()}>
          {retry}
        </Button>
      }
    >
      {unknown}
    </ScopedNotification>
  );
}
