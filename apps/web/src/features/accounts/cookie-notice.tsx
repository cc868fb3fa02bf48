import { useQuery } from '@tanstack/react-query';
import { useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { LinkButton } from '../../ui/button.tsx';
import { MessageLines } from '../../ui/error-view.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { keepsCookiesQuery } from './queries.ts';

/** Before anybody types a password: this browser keeps no cookies of Argus, so that nobody could stay signed in. */
export function CookieNotice() {
  const keepsCookies = useQuery(keepsCookiesQuery);
  return keepsCookies.data === false ? <CookiesRefused /> : null;
}

/** Which browser or setting helps: Safari keeps no Secure cookie of an http address, even on this machine. */
export function CookiesRefused() {
  const words = useText('accounts');
  const isHttp = location.protocol === 'http:' && window.self === window.top;
  return (
    <ScopedNotification
      kind="error"
      actions={
        isHttp ? null : (
          <LinkButton href={pages.home.path} target="_blank" rel="noopener" icon="utility:new_window">
            {words.openArgus}
          </LinkButton>
        )
      }
    >
      <MessageLines lines={isHttp ? words.cookiesRefusedOnHttp : words.cookiesRefused} />
    </ScopedNotification>
  );
}
