import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { FactList } from '../../../ui/fact-list.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { LastError, LinkState, MicrosoftAccount } from './link-columns.tsx';
import { LinkForm } from './link-form.tsx';

/** A user's link and its authorization, or the way to create one. */
export function PersonLink(props: {
  link: AccountLinkView | null;
  person: { readonly id: string; readonly username: string };
}) {
  const { link } = props;
  const { username } = props.person;
  const words = useText('connection/links');
  const { person } = useText('users');
  const { edit } = useText('controls');
  const [open, setOpen] = useState(false);
  const search = new URLSearchParams({ q: username });
  return (
    <Card
      title={person.connection}
      icon="utility:linked"
      footer={
        <span className="argus-record__actions">
          <Button onClick={() => setOpen(true)}>{link ? edit : person.createLink}</Button>
          {link ? <AppLink to={`${pages.accountLinks.path}?${search}`}>{person.openLink}</AppLink> : null}
          <AppLink to={`${pages.diagnosis.path}?${new URLSearchParams({ username })}`}>{person.diagnose}</AppLink>
        </span>
      }
    >
      {link === null ? (
        <p className="argus-quiet">{person.noLink}</p>
      ) : (
        <FactList
          facts={[
            { name: words.microsoftAccount, value: <MicrosoftAccount link={link} /> },
            { name: words.state, value: <LinkState state={link.state} /> },
            {
              name: words.lastSuccess,
              value:
                link.lastSuccessAt === null ? (
                  <span className="argus-quiet">{words.never}</span>
                ) : (
                  <RelativeTime at={link.lastSuccessAt} />
                ),
            },
            { name: words.lastError, value: <LastError link={link} /> },
          ]}
        />
      )}
      {open ? <LinkForm {...(link ? { link } : { person: props.person })} onClose={() => setOpen(false)} /> : null}
    </Card>
  );
}
