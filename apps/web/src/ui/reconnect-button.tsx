import { useQuery } from '@tanstack/react-query';
import { useText } from '../i18n/text-context.tsx';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { AuthorizeButton } from './authorize-button.tsx';

/** 「もう一度認証する」, for a grant that is no longer valid. */
export function ReconnectButton({ afterwards }: { afterwards: string }) {
  const words = useText('microsoft');
  const authorization = useQuery(authorizationQuery);
  const startUrl = authorization.data?.startUrl ?? null;
  return <AuthorizeButton startUrl={startUrl} label={words.authorizeAgain} afterwards={afterwards} />;
}
