import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemError } from '../lib/api-client.ts';
import { ErrorViewOf } from './error-view.tsx';
import '../styles/admin-sheet.css';
import '../styles/admin-forms.css';
import { FormSkeleton } from './form-skeleton.tsx';

/**
 * A query's data, its skeleton, or its error with a retry. If there is data, an error is shown above it: an admin
 * page never goes blank because a later reload failed.
 */
export function QueryPage<T>(props: {
  query: UseQueryResult<T>;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const { query, skeleton = <FormSkeleton />, children } = props;
  const { error } = query;
  // A record that no longer exists must not be edited any further.
  const gone = error instanceof ProblemError && error.problem.code === 'not_found';
  const data = gone ? undefined : query.data;
  return (
    <>
      {error ? (
        <div className="argus-sheet">
          <ErrorViewOf
            error={error}
            retrying={query.isFetching}
            {...(gone ? {} : { onRetry: () => void query.refetch() })}
          />
        </div>
      ) : null}
      {data !== undefined ? children(data) : error ? null : <div className="argus-sheet">{skeleton}</div>}
    </>
  );
}
