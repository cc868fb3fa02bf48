import { useText } from '../i18n/text-context.tsx';

/** An on/off control that takes effect at once. */
export function Switch(props: {
  label: string;
  checked: boolean;
  busy?: boolean;
  onChange: (checked: boolean) => void;
}) {
  const { label, checked, busy = false, onChange } = props;
  const { on, off } = useText('controls');
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      aria-busy={busy || undefined}
      title={label}
      className="argus-switch"
      onClick={() => {
        if (!busy) onChange(!checked);
      }}
    >
      <span className="argus-switch__track" aria-hidden="true" />
      <span className="argus-switch__word" aria-hidden="true">
        {checked ? on : off}
      </span>
    </button>
  );
}
