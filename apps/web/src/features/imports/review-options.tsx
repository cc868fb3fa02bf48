import { useId } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import type { ReadingOptions } from './queries.ts';

const modes = ['merge', 'replace'] as const;

/** How to import the file. Each change only reads the same file again; nothing is imported. */
export function ReviewOptions(props: {
  chosen: Pick<ReadingOptions, 'mode' | 'createAccounts'>;
  busy: boolean;
  /** Somebody else sent the file: only they can have it read again. */
  fixed: boolean;
  onChange: (options: Partial<ReadingOptions>) => void;
}) {
  const { chosen, busy, fixed, onChange } = props;
  const words = useText('csv').importing;
  const id = useId();
  return (
    // Not disabled while reading: the focus would be lost.
    <fieldset className="argus-options" aria-busy={busy} disabled={fixed}>
      <legend className="argus-options__title">{words.options}</legend>
      {fixed ? <p className="argus-options__help">{words.optionsFixed}</p> : null}
      {modes.map((mode) => (
        <label key={mode} className="argus-checkbox">
          <input
            type="radio"
            className="argus-checkbox__input"
            name={`${id}-mode`}
            checked={chosen.mode === mode}
            aria-describedby={`${id}-${mode}`}
            onChange={() => onChange({ mode })}
          />
          <span>
            {words.modes[mode]}
            <span id={`${id}-${mode}`} className="argus-options__help">
              {words.modeHelp[mode]}
            </span>
          </span>
        </label>
      ))}
      <label className="argus-checkbox">
        <input
          type="checkbox"
          className="argus-checkbox__input"
          checked={chosen.createAccounts}
          aria-describedby={`${id}-create`}
          onChange={(event) => onChange({ createAccounts: event.target.checked })}
        />
        <span>
          {words.createAccounts}
          <span id={`${id}-create`} className="argus-options__help">
            {words.createAccountsHelp}
          </span>
        </span>
      </label>
    </fieldset>
  );
}
