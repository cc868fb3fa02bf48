import { type ComponentProps, type ReactNode, useId, useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import '../styles/admin-sheet.css';
import '../styles/admin-forms.css';

/** What a form draft passes to each of its fields; see `useFormDraft`. */
export interface FieldBinding<T> {
  /** The field's name in the request, by which errors and deep links find it. */
  readonly name: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  /** Its error, from the API or the form. */
  readonly error?: string | undefined;
  /** The value that another administrator saved meanwhile, if it differs from the input. */
  readonly theirs?: T | undefined;
  /** A deep link points here. */
  readonly highlighted?: boolean | undefined;
}

interface FieldTexts {
  readonly label: string;
  readonly help?: ReactNode;
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** Shown below the control and announced with it: what the current value means. */
  readonly below?: ReactNode;
}

interface Ids {
  readonly control: string;
  readonly describedBy: string | undefined;
}

/** The label, help, error and other parts of one control, linked to it by id. */
function Field(props: {
  of: FieldTexts & Pick<FieldBinding<unknown>, 'error' | 'highlighted'>;
  theirs?: ReactNode;
  /** A checkbox has its own label. */
  bare?: boolean;
  children: (ids: Ids) => ReactNode;
}) {
  const { of, theirs, bare = false, children } = props;
  const { label, help, required, below, error, highlighted } = of;
  const id = useId();
  const parts = [
    error ? `${id}-error` : '',
    theirs ? `${id}-theirs` : '',
    help ? `${id}-help` : '',
    below ? `${id}-below` : '',
  ].filter(Boolean);
  const control = children({ control: id, describedBy: parts.length > 0 ? parts.join(' ') : undefined });
  return (
    <div
      className={`slds-form-element argus-field ${error ? 'slds-has-error' : ''}`}
      data-highlighted={highlighted || undefined}
    >
      {bare ? (
        control
      ) : (
        <>
          <label
            className={required ? 'slds-form-element__label argus-required' : 'slds-form-element__label'}
            htmlFor={id}
          >
            {label}
          </label>
          <div className="slds-form-element__control">{control}</div>
        </>
      )}
      {error ? (
        <p id={`${id}-error`} className="slds-form-element__help argus-field__error">
          <Icon name="utility:error" size="xx-small" tone="error" />
          {error}
        </p>
      ) : null}
      {theirs ? (
        <div id={`${id}-theirs`} className="argus-field__theirs">
          {theirs}
        </div>
      ) : null}
      {help ? (
        <p id={`${id}-help`} className="argus-field__hint">
          {help}
        </p>
      ) : null}
      {below ? (
        <div id={`${id}-below`} className="argus-field__below">
          {below}
        </div>
      ) : null}
    </div>
  );
}

function Theirs({ text, onUse }: { text: string; onUse: () => void }) {
  const words = useText('controls');
  return (
    <>
      <span className="argus-data" dir="auto">
        {words.theirs(text)}
      </span>{' '}
      <Button variant="base" onClick={onUse}>
        {words.useTheirs}
      </Button>
    </>
  );
}

function theirsOf<T>({ theirs, onChange }: FieldBinding<T>, show: (value: T) => string): ReactNode {
  return theirs === undefined ? null : <Theirs text={show(theirs)} onUse={() => onChange(theirs)} />;
}

type TextInputProps = Pick<ComponentProps<'input'>, 'autoComplete' | 'maxLength' | 'placeholder'> & {
  readonly type?: 'text' | 'url' | 'email';
};
type FormTextFieldProps = FieldTexts &
  FieldBinding<string> &
  TextInputProps & {
    /** Suggested values; anything else can be typed too. */
    readonly suggestions?: readonly { value: string; label?: string }[];
  };

/** A single-line text field, with optional suggestions. */
export function FormTextField(props: FormTextFieldProps) {
  const { required, disabled, name, value, onChange, error, maxLength, placeholder } = props;
  const { suggestions, type = 'text', autoComplete = 'off' } = props;
  const listId = useId();
  return (
    <Field of={props} theirs={theirsOf(props, (text) => text)}>
      {(ids) => (
        <>
          <input
            maxLength={maxLength}
            placeholder={placeholder}
            // The browser's own validation of URLs and addresses would interfere with ours.
            type="text"
            inputMode={type}
            autoCapitalize="none"
            className="slds-input argus-input"
            id={ids.control}
            name={name}
            value={value}
            disabled={disabled}
            required={required}
            autoComplete={autoComplete}
            spellCheck={false}
            list={suggestions ? listId : undefined}
            aria-invalid={error ? true : undefined}
            aria-describedby={ids.describedBy}
            onChange={(event) => onChange(event.target.value)}
          />
          {suggestions ? (
            <datalist id={listId}>
              {suggestions.map((each) => (
                <option key={each.value} value={each.value} label={each.label} />
              ))}
            </datalist>
          ) : null}
        </>
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextAreaField(props: FieldTexts & FieldBinding<string> & { rows?: number }) {
  const { required, disabled, name, value, onChange, error, rows = 3 } = props;
  return (
    <Field of={props} theirs={theirsOf(props, (t) => t)}>
      {(ids) => (
        <textarea
          className="slds-textarea argus-input"
          id={ids.control}
          name={name}
          rows={rows}
          value={value}
          disabled={disabled}
          required={required}
          aria-invalid={error ? true : undefined}
          aria-describedby={ids.describedBy}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A whole number, kept as typed, so that a typing mistake can be seen and corrected. `unit` follows it. */
export function NumberField(props: FieldTexts & FieldBinding<string> & { unit?: string }) {
  const { required, disabled, name, value, onChange, error, unit } = props;
  return (
    <Field of={props} theirs={theirsOf(props, (t) => t)}>
      {(ids) => (
        <span className="argus-number">
          <input
            className="slds-input argus-input argus-number__input"
            id={ids.control}
            name={name}
            type="text"
            inputMode="numeric"
            autoComplete="off"
            value={value}
            disabled={disabled}
            required={required}
            aria-invalid={error ? true : undefined}
            aria-describedby={ids.describedBy}
            onChange={(event) => onChange(event.target.value)}
          />
          {unit ? <span className="argus-number__unit">{unit}</span> : null}
        </span>
      )}
    </Field>
  );
}

/** One of a few fixed values. */
export function SelectField<T extends string>(
  props: FieldTexts & FieldBinding<T> & { options: readonly { value: T; label: string }[] },
) {
  const { required, disabled, name, value, onChange, error, options } = props;
  const labelOf = (chosen: string) => options.find((each) => each.value === chosen)?.label ?? chosen;
  return (
    <Field of={props} theirs={theirsOf(props, labelOf)}>
      {(ids) => (
        <div className="slds-select_container">
          <select
            className="slds-select"
            id={ids.control}
            name={name}
            value={value}
            disabled={disabled}
            required={required}
            aria-invalid={error ? true : undefined}
            aria-describedby={ids.describedBy}
            onChange={(event) => {
              const chosen = options.find((each) => each.value === event.target.value);
              if (chosen) onChange(chosen.value);
            }}
          >
            {options.map((each) => (
              <option key={each.value} value={each.value}>
                {each.label}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}

/** Yes or no; takes effect when the form is saved. */
export function CheckboxField(props: FieldTexts & FieldBinding<boolean>) {
  const { label, disabled, name, value, onChange, error } = props;
  const { on, off } = useText('controls');
  return (
    <Field of={props} bare theirs={theirsOf(props, (yes) => (yes ? on : off))}>
      {(ids) => (
        <label className="argus-checkbox" htmlFor={ids.control}>
          <input
            type="checkbox"
            className="argus-checkbox__input"
            id={ids.control}
            name={name}
            checked={value}
            disabled={disabled}
            aria-invalid={error ? true : undefined}
            aria-describedby={ids.describedBy}
            onChange={(event) => onChange(event.target.checked)}
          />
          <span>{label}</span>
        </label>
      )}
    </Field>
  );
}

/** A password field, for a new password or a proof. It can be shown while typing. */
export function PasswordField(
  props: FieldTexts &
    FieldBinding<string> & { autoComplete?: 'new-password' | 'current-password' | 'off'; after?: ReactNode },
) {
  const { required, disabled, name, value, onChange, error } = props;
  const { autoComplete = 'new-password', after } = props;
  const words = useText('controls');
  const [shown, setShown] = useState(false);
  return (
    <Field of={props}>
      {(ids) => (
        <div className="argus-password">
          <input
            className="slds-input argus-input"
            type={shown ? 'text' : 'password'}
            id={ids.control}
            name={name}
            value={value}
            disabled={disabled}
            required={required}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            aria-invalid={error ? true : undefined}
            aria-describedby={ids.describedBy}
            onChange={(event) => onChange(event.target.value)}
          />
          <Button aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? words.hide : words.show}
          </Button>
          {after}
        </div>
      )}
    </Field>
  );
}
