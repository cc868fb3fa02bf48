import { NewArrivalsPortlet } from '../features/mail/new-arrivals-portlet.tsx';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { pages } from '../pages.ts';

/** ホーム: the portlet 「新着メール」. */
export function HomePage() {
  const words = useText('shell');
  const title = pages.home.title[useLanguage()];
  return (
    <div className="argus-page argus-page_narrow">
      <title>{words.pageTitle(title)}</title>
      <h1 className="slds-assistive-text" tabIndex={-1}>
        {title}
      </h1>
      <NewArrivalsPortlet />
    </div>
  );
}
