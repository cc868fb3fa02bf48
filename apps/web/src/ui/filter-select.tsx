import { useId } from 'react';

/** A filter above a table with a few values; `all` names the choice of none (''). */
export function FilterSelect(props: {
  label: string;
  all: string;
  options: readonly { readonly value: string; readonly label: string }[];
  value: string | undefined;
  onFilter: (value: string) => void;
}) {
  const { label, all, options, value, onFilter } = props;
  const id = useId();
  return (
    <div className="argus-filter">
      <label className="argus-filter__label" htmlFor={id}>
        {label}
      </label>
      <div className="slds-select_container">
        <select id={id} className="slds-select" value={value ?? ''} onChange={(event) => onFilter(event.target.value)}>
          <option value="">{all}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
