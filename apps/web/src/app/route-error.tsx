import { useText } from '../i18n/text-context.tsx';
import { ErrorViewOf } from '../ui/error-view.tsx';

/** What stands in place of a page that could not be shown: a fault of the code, or a part that could not be loaded. */
export function RouteError({ error }: { error: unknown }) {
  const { reload } = useText('shell');
  return (
    <div className="argus-page">
      <ErrorViewOf error={error} onRetry={() => location.reload()} retryLabel={reload} />
    </div>
  );
}
