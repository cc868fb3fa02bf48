import type { IconName } from './icon-names.ts';

export type IconTone = 'default' | 'current' | 'inverse' | 'brand' | 'success' | 'warning' | 'error' | 'light';

const tones: Readonly<Record<IconTone, string>> = {
  default: 'slds-icon-text-default',
  current: 'slds-current-color',
  inverse: 'argus-icon_inverse',
  brand: 'argus-icon_brand',
  success: 'slds-icon-text-success',
  warning: 'slds-icon-text-warning',
  error: 'slds-icon-text-error',
  light: 'slds-icon-text-light',
};
const sizes = {
  'xx-small': 'slds-icon_xx-small',
  'x-small': 'slds-icon_x-small',
  small: 'slds-icon_small',
  medium: '',
} as const;

/** The symbol's reference, as inserted by `installIcons`. */
function symbolOf(name: IconName): string {
  return `#${name.replace(':', '-')}`;
}

/** An SLDS icon. With a `label` it is an image of that name; without, it is decoration that screen readers skip. */
export function Icon(props: { name: IconName; size?: keyof typeof sizes; tone?: IconTone; label?: string }) {
  const { name, size = 'x-small', tone = 'default', label } = props;
  const symbol = symbolOf(name);
  const className = `slds-icon ${sizes[size]} ${tones[tone]}`;
  if (label === undefined) {
    return (
      <svg className={className} aria-hidden="true">
        <use href={symbol} />
      </svg>
    );
  }
  return (
    <svg className={className} role="img" aria-label={label}>
      <title>{label}</title>
      <use href={symbol} />
    </svg>
  );
}

/** An icon inside a button, in the button's own colour. */
export function ButtonIcon({ name, side }: { name: IconName; side?: 'left' | 'right' }) {
  const sideClass = side === 'left' ? 'slds-button__icon_left' : side === 'right' ? 'slds-button__icon_right' : '';
  return (
    <svg className={`slds-button__icon ${sideClass}`} aria-hidden="true">
      <use href={symbolOf(name)} />
    </svg>
  );
}
