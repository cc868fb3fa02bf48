import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { PersonLink } from '../features/connection/links/person-link.tsx';
import { LatestRuns } from '../features/diagnosis/latest-runs.tsx';
import { RecentChanges, RecentErrors } from '../features/triage/log/recent-of-user.tsx';
import { PersonAccount } from '../features/users/person-account.tsx';
import { personQuery } from '../features/users/queries.ts';
import { useText } from '../i18n/text-context.tsx';
import { pages } from '../pages.ts';
import { sessionQuery } from '../queries/session-query.ts';
import { AppLink } from '../ui/app-link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryPage } from '../ui/query-page.tsx';
import { SkeletonLines } from '../ui/skeleton.tsx';

/** Everything about one user: account, link and authorization, errors, diagnoses, changes. */
export function PersonPage() {
  const words = useText('users');
  const { back } = useText('controls');
  const { id } = useParams({ strict: false });
  const self = useQuery(sessionQuery).data?.user?.id;
  const person = useQuery(personQuery(id ?? ''));
  return (
    <>
      <PageHeader
        title={person.data?.user.displayName ?? words.title}
        icon={pages.user.icon}
        note={<AppLink to={pages.users.path}>{back(words.title)}</AppLink>}
      />
      <QueryPage query={person} skeleton={<SkeletonLines lines={8} />}>
        {({ user, link }) => (
          <div className="argus-person">
            <PersonAccount user={user} self={self} />
            <PersonLink link={link} person={user} />
            <RecentErrors id={user.id} username={user.username} />
            <LatestRuns username={user.username} shown={undefined} />
            <RecentChanges id={user.id} username={user.username} />
          </div>
        )}
      </QueryPage>
    </>
  );
}
