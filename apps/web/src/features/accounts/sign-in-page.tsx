import type { SessionView } from '@argus/contract/endpoints/accounts';
import { useText } from '../../i18n/text-context.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** サインイン, shown at the requested address, so that the page appears there right after signing in. */
export function SignInPage({ session }: { session: SessionView }) {
  const words = useText('accounts');
  return (
    <Panel title={words.title}>
      {session.hasAccounts ? (
        <p className="argus-panel__lead">{words.lead}</p>
      ) : (
        <ScopedNotification kind="info">
          <p>{words.noAccounts}</p>
          <p>{words.noAccountsText}</p>
        </ScopedNotification>
      )}
      <SignInForm demoAccounts={session.demoAccounts} help={session.signInHelp} />
    </Panel>
  );
}
