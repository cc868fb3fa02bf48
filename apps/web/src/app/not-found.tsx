import { useText } from '../i18n/text-context.tsx';
import { NoticePage } from './notice-page.tsx';

/** The page of an address that leads nowhere. */
export function NotFound() {
  const words = useText('shell');
  return <NoticePage title={words.notFound} text={words.notFoundText} icon="utility:search" />;
}
