import { type GraphCall, graphRootOf } from '@argus/microsoft/graph';
import { readMe } from '@argus/microsoft/identity';
import { listMessages, readUnreadCount } from '@argus/microsoft/mail';
import { folderUrlOf } from '@argus/microsoft/messages-url';
import { asksToReconnect, fitOf } from '../connection/connection-state.ts';
import { otherAccount } from '../connection/find-connection.ts';
import { callGraph } from '../connection/graph/call-graph.ts';
import { judgeAccount } from '../connection/judge-account.ts';
import { asksForPatience } from '../connection/patience.ts';
import { isUsable } from '../connection/usable-grant.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { type DoctorCase, fact, idFacts } from './doctor-case.ts';
import { cannotCheck, type Examiner, type Finding, failed, type Notes, notReached, ok } from './examination.ts';
import { isUnderWay, purpose } from './examine-grant.ts';

/** What Graph answered: notes it and judges, once nothing has changed meanwhile. */
type Found = () => Finding;

/** Who signed in, whether that is the linked account, and whether its mail is readable. */
export function mailExaminers(examined: DoctorCase): readonly Examiner[] {
  const { settings, account, deadline } = examined;
  const suffix = settings.authProviderUrlSuffix;
  const { mailUrl } = settings;
  const graphRoot = graphRootOf(mailUrl);

  /** Whether mail may be requested: never that of an account other than the linked one. */
  async function mayReadMail({ finding }: Notes): Promise<boolean> {
    const { state } = await finding('account_match');
    if (state === 'ok') return true;
    const { link, grant, provider } = examined;
    if (state === 'failed' || !link || !grant || !provider || !isUsable(grant, provider, settings)) return false;
    // If Graph could not be asked, the stored identity decides, as in the portlet.
    return fitOf(link, grant) === 'fits';
  }

  /** A step that reads mail. No content of a message leaves `read` except what it returns for display. */
  async function examineMail(
    notes: Notes,
    keepsFailure: boolean,
    read: (call: GraphCall) => Promise<Found>,
  ): Promise<Finding> {
    if (account === null) return cannotCheck('no_user');
    if (!(await mayReadMail(notes))) return notReached;
    return askGraph(examined, notes, keepsFailure, read);
  }

  return [
    {
      id: 'identity',
      needs: ['refresh', 'mail_tls'],
      async examine(notes) {
        if (account === null) return cannotCheck('no_user');
        const { grant, provider } = examined;
        if (!grant || !provider || grant.sealedTokens === null) return cannotCheck('no_grant');
        if (!isUsable(grant, provider, settings)) return cannotCheck('suspended');
        if (graphRoot === undefined) return cannotCheck('no_graph');
        return askGraph(examined, notes, false, async (call) => {
          const { objectId, userPrincipalName } = await readMe({ ...call, graphRoot });
          const tenantId = examined.grant?.tenantId;
          return () => {
            examined.signedIn = { objectId, userPrincipalName };
            notes.note(fact('authorizedAccount', userPrincipalName), fact('objectId', objectId));
            if (tenantId) notes.note(fact('tenantId', tenantId));
            return ok;
          };
        });
      },
    },
    {
      id: 'account_match',
      needs: ['link', 'grant'],
      after: ['identity'],
      async examine({ note, finding }) {
        const { link, grant, signedIn } = examined;
        if (!link || !grant) return cannotCheck('no_user');
        if (!(await examined.isPresent())) return cannotCheck('changed_meanwhile');
        const authorizedAccount = signedIn?.userPrincipalName ?? grant.microsoftAccount;
        const linkedAccount = link.microsoftAccount;
        const differs = failed(
          otherAccount(purpose, { suffix, link, grant: { ...grant, microsoftAccount: authorizedAccount } }),
        );
        const judged = fitOf(link, grant) === 'differs' ? 'other' : judgementOf(examined);
        if (judged === 'unknown') {
          const asked = await finding('identity');
          return asked.state === 'cannot_check' ? asked : notReached;
        }
        note(fact('linkedAccount', linkedAccount), fact('authorizedAccount', authorizedAccount));
        if (signedIn) note(fact('evidence', 'me'));
        return judged === 'linked' ? ok : differs;
      },
    },
    {
      id: 'mailbox',
      needs: ['refresh', 'mail_tls'],
      after: ['account_match'],
      examine: (notes) =>
        // The portlet tolerates a missing folder count, so a failure here is not stored on the grant.
        examineMail(notes, false, async (call) => {
          const folderUrl = folderUrlOf(mailUrl);
          if (folderUrl === undefined) return () => cannotCheck('no_folder');
          await readUnreadCount({ ...call, folderUrl });
          return () => ok;
        }),
    },
    {
      id: 'messages',
      needs: ['refresh', 'mail_tls'],
      after: ['mailbox'],
      examine: (notes) =>
        examineMail(notes, true, async (call) => {
          // The portlet's own call; the messages stop here, only their number goes on.
          const messages = await listMessages({
            ...call,
            mailUrl,
            top: settings.mailCount,
            unreadOnly: settings.unreadOnly,
            preview: settings.previewEnabled,
          });
          return () => {
            notes.note(fact('messageCount', String(messages.length)));
            return ok;
          };
        }),
    },
  ];

  /**
   * One Graph call with the user's token, as the portlet makes it. Skipped while Microsoft throttles, and after a change: what the run began
   * with may be another's now. What came from Graph before a change is dropped.
   */
  async function askGraph(
    { services, provider, link, grant }: DoctorCase,
    { note, timed }: Notes,
    keepsFailure: boolean,
    ask: (call: GraphCall) => Promise<Found>,
  ): Promise<Finding> {
    if (!provider || !link || !grant) return cannotCheck('no_grant');
    if (examined.throttled) return notReached;
    if (!(await examined.isPresent())) return cannotCheck('changed_meanwhile');
    const entitlement = { accountId: grant.accountId, grantId: grant.id, linkKey: link.microsoftAccountKey };
    const connection = { settings, suffix, provider, link, grant, graphRoot, entitlement };
    let ids: Parameters<typeof idFacts>[0] = {};
    const onReply: GraphCall['onReply'] = (replied) => {
      ids = replied;
    };
    const stores = ({ code, params }: AppError) =>
      isUnderWay(examined) && (keepsFailure || asksForPatience(params) || asksToReconnect(code));
    const request = { connection, purpose, deadline, onReply, trial: { stores } } as const;
    try {
      const found = await timed(() => callGraph(services, request, ask));
      return (await examined.isPresent()) ? found() : cannotCheck('changed_meanwhile');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (!(await examined.isPresent())) return cannotCheck('changed_meanwhile');
      examined.throttled = asksForPatience(error.params);
      return failed(error);
    } finally {
      note(...idFacts(ids));
    }
  }
}

/** Whether the account that Graph named is the linked one, judged as in the callback. */
function judgementOf({ link, grant, signedIn }: DoctorCase): 'linked' | 'other' | 'unknown' {
  if (!link || !grant || !signedIn) return 'unknown';
  return judgeAccount(link, { ...signedIn, tenantId: grant.tenantId ?? undefined }).verdict;
}
