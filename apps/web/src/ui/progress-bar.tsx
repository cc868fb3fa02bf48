import type { ReactNode } from 'react';
import '../styles/csv.css';

/** A progress bar. Without a `total` it is indeterminate. Screen readers hear each quarter, not each step. */
export function ProgressBar(props: { label: string; done: number; total: number | null; detail?: ReactNode }) {
  const { label, done, total, detail } = props;
  const percent = total === null || total <= 0 ? null : Math.min(100, Math.floor((done / total) * 100));
  const quarter = percent === null ? null : Math.floor(percent / 25) * 25;
  return (
    <div className="argus-progress">
      <p className="argus-progress__label">
        <bdi className="argus-data">{label}</bdi>
        {percent === null ? null : <span className="argus-progress__percent">{percent}%</span>}
      </p>
      <div
        className="slds-progress-bar argus-progress__bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
      >
        <span
          className={percent === null ? 'slds-progress-bar__value argus-progress__unknown' : 'slds-progress-bar__value'}
          style={percent === null ? undefined : { inlineSize: `${percent}%` }}
        />
      </div>
      {detail ? <p className="argus-progress__detail">{detail}</p> : null}
      <p role="status" className="slds-assistive-text">
        {quarter === null ? label : `${label} ${quarter}%`}
      </p>
    </div>
  );
}
