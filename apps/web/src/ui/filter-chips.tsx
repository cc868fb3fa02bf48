import { useId } from 'react';

/**
 * A choice of one filter from a few visible ones; undefined = no filter, offered if `all` names it. These are radio
 * buttons, so arrow keys move.
 */
export function FilterChips<T extends string>(props: {
  label: string;
  all?: string;
  options: readonly { value: T; label: string }[];
  value: T | undefined;
  onChange: (value: T | undefined) => void;
}) {
  const { label, all, options, value, onChange } = props;
  const name = useId();
  return (
    <div role="radiogroup" className="argus-chips" aria-labelledby={`${name}-label`}>
      <span id={`${name}-label`} className="argus-chips__label">
        {label}
      </span>
      {[...(all === undefined ? [] : [{ value: undefined, label: all }]), ...options].map((option) => (
        <label key={option.value ?? ''} className="argus-chip">
          <input
            type="radio"
            className="slds-assistive-text"
            name={name}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
