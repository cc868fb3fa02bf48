import { useText } from '../../../i18n/text-context.tsx';

/** The facts that identify an error; with a `limit`, only that many and the number of the others. */
export function MatchCodes({ matches, limit = matches.length }: { matches: readonly string[]; limit?: number }) {
  const { moreMatches } = useText('triage/dictionary');
  return (
    <ul className="argus-matches">
      {matches.slice(0, limit).map((match) => (
        <li key={match} className="argus-code argus-match">
          {match}
        </li>
      ))}
      {matches.length > limit ? <li className="argus-quiet">{moreMatches(matches.length - limit)}</li> : null}
    </ul>
  );
}
