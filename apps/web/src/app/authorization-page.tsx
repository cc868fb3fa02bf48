import { useText } from '../i18n/text-context.tsx';
import { PageHeader } from '../ui/page-header.tsx';

/** 認証設定 */
export function AuthorizationPage() {
  const words = useText('authorization');
  return (
    <div className="argus-page argus-page_narrow">
      <PageHeader title={words.title} icon="utility:shield" />
    </div>
  );
}
