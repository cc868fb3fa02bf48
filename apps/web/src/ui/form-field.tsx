import { type ComponentProps, type ReactNode, useId, useRef, useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import '../styles/admin-sheet.css';
import '../styles/admin-forms.css';

/** What a form draft gives to each of its fields; see `useFormDraft`. */
export interface FieldBinding<T, Name extends string = string> {
  /** The field's name in the request, by which errors and deep links find it. */
  readonly name: Name;
  readonly label: string;
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
  readonly help?: ReactNode;
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** Shown below the control and announced with it: what the current value means. */
  readonly below?: ReactNode;
}

/** What every control takes over from its field. */
interface ControlProps {
  readonly id: string;
  readonly name: string;
  readonly disabled: boolean | undefined;
  readonly required: boolean | undefined;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-describedby': string | undefined;
}

/** The label, the help, the error and what else belongs to one control, tied to it by id. */
function Field<T>(props: {
  of: FieldTexts & FieldBinding<T>;
  /** How a value that another administrator saved is displayed. */
  theirs?: (value: T) => string;
  /** A checkbox carries its label itself. */
  bare?: boolean;
  children: (control: ControlProps) => ReactNode;
}) {
  const { of, theirs, bare = false, children } = props;
  const { name, label, help, required, disabled, below, error, theirs: saved, highlighted, onChange } = of;
  const id = useId();
  const clash = theirs && saved !== undefined ? <Theirs text={theirs(saved)} onUse={() => onChange(saved)} /> : null;
  const parts = [
    error ? `${id}-error` : '',
    clash ? `${id}-theirs` : '',
    help ? `${id}-help` : '',
    below ? `${id}-below` : '',
  ].filter(Boolean);
  const control = children({
    id,
    name,
    disabled,
    required,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': parts.length > 0 ? parts.join(' ') : undefined,
  });
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
      {clash ? (
        <div id={`${id}-theirs`} className="argus-field__theirs">
          {clash}
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

/** The other properties of a control whose value is its text. */
function typed({ value, onChange }: FieldBinding<string>) {
  return { value, onChange: (event: { target: { value: string } }) => onChange(event.target.value) };
}

const asTyped = (text: string) => text;

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
  const { maxLength, placeholder, suggestions, type = 'text', autoComplete = 'off' } = props;
  const listId = useId();
  return (
    <Field of={props} theirs={asTyped}>
      {(control) => (
        <>
          <input
            {...control}
            {...typed(props)}
            maxLength={maxLength}
            placeholder={placeholder}
            // The browser's own validation of URLs and addresses would interfere with ours.
            type="text"
            inputMode={type}
            autoCapitalize="none"
            className="slds-input argus-input"
            autoComplete={autoComplete}
            spellCheck={false}
            list={suggestions ? listId : undefined}
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

/**
 * A date, typed in any common form, or picked from the browser's calendar. The value is as typed; a picked one is
 * 2027/05/20.
 */
export function DateField(props: FieldTexts & FieldBinding<string>) {
  const { label, value, onChange } = props;
  const { pickDate, calendar } = useText('controls');
  const picker = useRef<HTMLInputElement>(null);
  return (
    <Field of={props} theirs={asTyped}>
      {(control) => (
        <span className="argus-date">
          <input
            {...control}
            {...typed(props)}
            type="text"
            inputMode="numeric"
            className="slds-input argus-input argus-date__input"
            autoComplete="off"
          />
          <input
            ref={picker}
            className="argus-date__picker"
            type="date"
            tabIndex={-1}
            aria-hidden="true"
            value={/^\d{4}[-/]\d{2}[-/]\d{2}$/.test(value) ? value.replaceAll('/', '-') : ''}
            onChange={(event) => onChange(event.target.value.replaceAll('-', '/'))}
          />
          <Button icon="utility:event" aria-label={pickDate(label)} onClick={() => picker.current?.showPicker()}>
            {calendar}
          </Button>
        </span>
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextAreaField(props: FieldTexts & FieldBinding<string> & { rows?: number }) {
  const { rows = 3 } = props;
  return (
    <Field of={props} theirs={asTyped}>
      {(control) => <textarea {...control} {...typed(props)} className="slds-textarea argus-input" rows={rows} />}
    </Field>
  );
}

/** A whole number, kept as typed, so that a typing mistake can be seen and corrected. `unit` follows it. */
export function NumberField(props: FieldTexts & FieldBinding<string> & { unit?: string }) {
  const { unit } = props;
  return (
    <Field of={props} theirs={asTyped}>
      {(control) => (
        <span className="argus-number">
          <input
            {...control}
            {...typed(props)}
            className="slds-input argus-input argus-number__input"
            type="text"
            inputMode="numeric"
            autoComplete="off"
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
  const { value, onChange, options } = props;
  const labelOf = (chosen: string) => options.find((each) => each.value === chosen)?.label ?? chosen;
  return (
    <Field of={props} theirs={labelOf}>
      {(control) => (
        <div className="slds-select_container">
          <select
            {...control}
            className="slds-select"
            value={value}
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
  const { label, value, onChange } = props;
  const { on, off } = useText('controls');
  return (
    <Field of={props} bare theirs={(yes) => (yes ? on : off)}>
      {(control) => (
        <label className="argus-checkbox" htmlFor={control.id}>
          <input
            {...control}
            type="checkbox"
            className="argus-checkbox__input"
            checked={value}
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
  const { autoComplete = 'new-password', after } = props;
  const words = useText('controls');
  const [shown, setShown] = useState(false);
  return (
    <Field of={props}>
      {(control) => (
        <div className="argus-password">
          <input
            {...control}
            {...typed(props)}
            className="slds-input argus-input"
            type={shown ? 'text' : 'password'}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
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
