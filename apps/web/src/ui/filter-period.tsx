import { useId } from 'react';
import { useText } from '../i18n/text-context.tsx';
import type { TablePage } from './use-table-page.ts';

/** A time span above a table, in the user's time zone: `from` and `to` in the address, such as 2026-11-21T10:42. */
export function FilterPeriod({ table: { params, filter } }: { table: Pick<TablePage, 'params' | 'filter'> }) {
  const words = useText('controls');
  const { from = '', to = '' } = params;
  // Both have the same format, so comparing texts compares times.
  const reversed = from !== '' && to !== '' && from > to;
  return (
    <>
      <FilterTime label={words.from} value={from} onFilter={(next) => filter({ from: next }, { replace: true })} />
      <FilterTime
        label={words.to}
        value={to}
        onFilter={(next) => filter({ to: next }, { replace: true })}
        error={reversed ? words.periodReversed : undefined}
      />
    </>
  );
}

function FilterTime(props: {
  label: string;
  value: string;
  onFilter: (text: string) => void;
  error?: string | undefined;
}) {
  const { label, value, onFilter, error } = props;
  const id = useId();
  return (
    <div className={`argus-filter ${error ? 'slds-has-error' : ''}`}>
      <label className="argus-filter__label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="datetime-local"
        className="slds-input"
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => onFilter(event.target.value)}
      />
      {error ? (
        <p id={`${id}-error`} className="argus-filter__error">
          {error}
        </p>
      ) : null}
    </div>
  );
}
