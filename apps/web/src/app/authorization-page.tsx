import { AuthorizationView } from '../features/connection/authorize/authorization-view.tsx';
import { SelfCheck } from '../features/diagnosis/self-check/self-check.tsx';

/** 認証設定, with the check of one's own connection below it. */
export function AuthorizationPage() {
  return <AuthorizationView check={<SelfCheck />} />;
}
