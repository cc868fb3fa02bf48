import { type ComponentProps, useId } from 'react';

/** A labelled one-line input for a form whose fields are all required, with a hint and its error. */
export function TextField(
  props: { label: string; hint?: string; error?: string | undefined } & ComponentProps<'input'>,
) {
  const { label, hint, error, ...input } = props;
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [hint ? hintId : '', error ? errorId : ''].filter(Boolean).join(' ');
  return (
    <div className={error ? 'slds-form-element slds-has-error argus-field' : 'slds-form-element argus-field'}>
      <label className="slds-form-element__label" htmlFor={id}>
        {label}
      </label>
      <div className="slds-form-element__control">
        <input
          {...input}
          id={id}
          className="slds-input"
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy || undefined}
        />
      </div>
      {hint ? (
        <div id={hintId} className="argus-field__hint">
          {hint}
        </div>
      ) : null}
      {error ? (
        <div id={errorId} className="slds-form-element__help">
          {error}
        </div>
      ) : null}
    </div>
  );
}
