import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { useText } from '../../../i18n/text-context.tsx';

/** What calls a site. */
export function UsedByList({ usedBy }: { usedBy: RemoteSiteView['usedBy'] }) {
  const words = useText('connection/setup').sites;
  if (usedBy.length === 0) return <span className="argus-quiet">{words.unused}</span>;
  const said = { mail_url: () => words.usedByMail, token_endpoint: words.usedByToken, alert: words.usedByAlert };
  return (
    <ul className="argus-used-by">
      {usedBy.map(({ kind, name }) => (
        <li key={`${kind} ${name}`}>
          <bdi>{said[kind](name)}</bdi>
        </li>
      ))}
    </ul>
  );
}
