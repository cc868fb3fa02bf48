import { useQueryClient } from '@tanstack/react-query';
import { useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { sessionQuery } from '../../queries/session-query.ts';
import { Modal } from '../../ui/modal.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Over a page whose session has ended: signing in again keeps the input; another account starts over. */
export function SignInAgain(props: {
  username: string;
  userId: string;
  why: 'expired' | 'signed_out_elsewhere';
  onDone: () => void;
}) {
  const { username, userId, why, onDone } = props;
  const shell = useText('shell');
  const words = useText('accounts');
  const queryClient = useQueryClient();
  return (
    <Modal title={shell.sessionEnded}>
      <p>{why === 'expired' ? shell.sessionEndedText : shell.signedOutElsewhere}</p>
      <p className="argus-quiet">{words.otherAccount}</p>
      <SignInForm
        initialUsername={username}
        demoAccounts={queryClient
          .getQueryData(sessionQuery.queryKey)
          ?.demoAccounts?.filter((account) => account.username === username)}
        onDone={(session) => {
          if (session.user?.id !== userId) {
            location.assign(pages.home.path);
            return;
          }
          onDone();
          void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
        }}
      />
    </Modal>
  );
}
