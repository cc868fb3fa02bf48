import { useQuery } from '@tanstack/react-query';
import { useText } from '../i18n/text-context.tsx';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { Button } from './button.tsx';
import { latePart, useLatePart } from './late-part.ts';

const authorizeButton = latePart(async () => (await import('./authorize-button.tsx')).AuthorizeButton);

/** 「もう一度認証する」, for a grant that is no longer valid. */
export function ReconnectButton({ afterwards }: { afterwards: string }) {
  const words = useText('microsoft');
  const common = useText('common');
  const { Component: AuthorizeButton, error } = useLatePart(authorizeButton);
  const authorization = useQuery(authorizationQuery);
  const startUrl = authorization.data?.startUrl ?? null;
  if (error) return <Button onClick={() => location.reload()}>{common.retry}</Button>;
  if (AuthorizeButton === undefined) {
    return (
      <Button variant="brand" disabled>
        {words.authorizeAgain}
      </Button>
    );
  }
  return <AuthorizeButton startUrl={startUrl} label={words.authorizeAgain} afterwards={afterwards} />;
}
