import { useQuery } from '@tanstack/react-query';
import { NewArrivalsPortlet } from '../features/mail/new-arrivals-portlet.tsx';
import { newArrivalsQuery } from '../features/mail/queries.ts';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { pages } from '../pages.ts';

/** ホーム: the portlet 「新着メール」. */
export function HomePage() {
  const words = useText('shell');
  const title = pages.home.title[useLanguage()];
  // The portlet below fetches it.
  const { data } = useQuery({ ...newArrivalsQuery, enabled: false });
  const unread = data?.kind === 'list' ? (data.list.unreadCount ?? 0) : 0;
  return (
    <div className="argus-page argus-page_narrow">
      <title>{`${unread > 0 ? `(${unread}) ` : ''}${words.pageTitle(title)}`}</title>
      <h1 className="slds-assistive-text" tabIndex={-1}>
        {title}
      </h1>
      <NewArrivalsPortlet />
    </div>
  );
}
