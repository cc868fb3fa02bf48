import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/text-context.tsx';
import { pages } from '../pages.ts';
import type { IconName } from '../ui/icon-names.ts';
import { PageHeader } from '../ui/page-header.tsx';

/** A page that only says why there is nothing to see, and links home. */
export function NoticePage({ title, text, icon }: { title: string; text: string; icon: IconName }) {
  const words = useText('shell');
  return (
    <div className="argus-page">
      <PageHeader title={title} icon={icon} />
      <p className="argus-page__text">{text}</p>
      <p>
        <Link to={pages.home.path} className="slds-button slds-button_neutral">
          {words.goHome}
        </Link>
      </p>
    </div>
  );
}
