import markUrl from './argus-mark.svg';

/** The mark and name of Argus. */
export function ArgusMark() {
  return (
    <span className="argus-mark">
      <img src={markUrl} alt="" width="28" height="28" />
      <span className="argus-mark__name">Argus</span>
    </span>
  );
}
