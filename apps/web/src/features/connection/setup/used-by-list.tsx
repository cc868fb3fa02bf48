import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { useText } from '../../../i18n/text-context.tsx';

/** What calls a site. */
export function UsedByList({ usedBy }: { usedBy: RemoteSiteView['usedBy'] }) {
  const words = useText('connection/setup').sites;
  if (usedBy.length === 0) return <span className="argus-quiet">{words.unused}</span>;
  return (
    <ul className="argus-used-by">
      {usedBy.map(({ kind, name }) => (
        <li key={`${kind} ${name}`}>
          <bdi>{kind === 'mail_url' ? words.usedByMail : words.usedByToken(name)}</bdi>
        </li>
      ))}
    </ul>
  );
}
