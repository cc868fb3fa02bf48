import { NewArrivalsPortlet } from '../features/mail/new-arrivals-portlet.tsx';
import { useText } from '../i18n/text-context.tsx';

/** ホーム: the portlet 「新着メール」. */
export function HomePage() {
  const words = useText('shell');
  return (
    <div className="argus-page argus-page_narrow">
      <title>{words.pageTitle(words.pages.home)}</title>
      <h1 className="slds-assistive-text" tabIndex={-1}>
        {words.pages.home}
      </h1>
      <NewArrivalsPortlet />
    </div>
  );
}
