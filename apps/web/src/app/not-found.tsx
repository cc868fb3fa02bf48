import { useText } from '../i18n/text-context.tsx';
import { NoticePage } from './notice-page.tsx';

/** The page for an unknown address. */
export function NotFound() {
  const words = useText('shell');
  return <NoticePage title={words.notFound} text={words.notFoundText} icon="utility:search" />;
}
