import type { SessionView } from '@argus/contract/endpoints/accounts';
import { useQuery } from '@tanstack/react-query';
import { NewArrivalsPortlet } from '../features/mail/new-arrivals-portlet.tsx';
import { useText } from '../i18n/text-context.tsx';
import { sessionQuery } from '../queries/session-query.ts';
import { Card } from '../ui/card.tsx';
import { ErrorViewOf } from '../ui/error-view.tsx';
import { latePart, useLatePart } from '../ui/late-part.ts';
import { SkeletonLines } from '../ui/skeleton.tsx';

const signInForm = latePart(async () => (await import('../features/accounts/sign-in-form.tsx')).SignInForm);

/** The portlet alone, as embedded by other sites. It also signs users in, as no other page shares its cookies. */
export function PortletPage() {
  const words = useText('mail');
  const session = useQuery(sessionQuery);
  const signedOut = session.data !== undefined && session.data.user === null;
  return (
    <main className="argus-portlet-page">
      <title>{words.title}</title>
      {signedOut ? <SignInCard {...session.data} /> : <NewArrivalsPortlet headingLevel={1} />}
    </main>
  );
}

function SignInCard({ demoAccounts, signInHelp }: Pick<SessionView, 'demoAccounts' | 'signInHelp'>) {
  const words = useText('mail');
  const signIn = useText('accounts');
  const { Component: SignInForm, error } = useLatePart(signInForm);
  return (
    <Card title={words.title} icon="utility:email" headingLevel={1}>
      <p className="argus-panel__lead">{signIn.lead}</p>
      {SignInForm ? (
        <SignInForm demoAccounts={demoAccounts} help={signInHelp} />
      ) : error ? (
        <ErrorViewOf error={error} onRetry={() => location.reload()} />
      ) : (
        <SkeletonLines />
      )}
    </Card>
  );
}
