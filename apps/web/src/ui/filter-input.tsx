import { type ReactNode, useEffect, useId, useState } from 'react';

/**
 * A text filter above a table. It applies on Enter, on leaving the field, and at once when something is pasted or
 * chosen. `value` may change from outside, for example by the back button.
 */
export function FilterInput(props: {
  label: string;
  value: string;
  onFilter: (text: string) => void;
  placeholder?: string;
  suggestions?: readonly string[];
  note?: ReactNode;
  error?: string | undefined;
  maxLength?: number;
  wide?: boolean;
}) {
  const { label, value, onFilter, placeholder, suggestions, note, error, maxLength, wide = false } = props;
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = (wanted: string) => {
    if (wanted !== value) onFilter(wanted);
  };
  return (
    <div className={`argus-filter ${wide ? 'argus-filter_wide' : ''} ${error ? 'slds-has-error' : ''}`}>
      <label className="argus-filter__label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        className="slds-input"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        maxLength={maxLength}
        value={text}
        list={suggestions ? `${id}-list` : undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || note ? `${id}-note` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          if (suggestions?.includes(event.target.value)) commit(event.target.value);
        }}
        onPaste={(event) => {
          // The input would drop the line breaks of a pasted text.
          event.preventDefault();
          const pasted = event.clipboardData.getData('text');
          setText(pasted.replace(/\s+/g, ' ').trim());
          commit(pasted.slice(0, maxLength));
        }}
        onBlur={() => commit(text.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) commit(text.trim());
        }}
      />
      {suggestions ? (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      ) : null}
      {error || note ? (
        <p id={`${id}-note`} className={error ? 'argus-filter__error' : 'argus-filter__note'}>
          {error ?? note}
        </p>
      ) : null}
    </div>
  );
}
