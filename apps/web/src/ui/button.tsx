import type { ComponentProps, ReactNode } from 'react';
import { ButtonIcon } from './icon.tsx';
import type { IconName } from './icon-names.ts';

export type ButtonVariant = 'neutral' | 'brand' | 'outline-brand' | 'destructive' | 'text-destructive' | 'base';

const variants: Readonly<Record<ButtonVariant, string>> = {
  neutral: 'slds-button slds-button_neutral',
  brand: 'slds-button slds-button_brand',
  'outline-brand': 'slds-button slds-button_outline-brand',
  destructive: 'slds-button slds-button_destructive',
  'text-destructive': 'slds-button slds-button_text-destructive',
  base: 'slds-button',
};

interface Look {
  readonly variant?: ButtonVariant;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

type ButtonProps = Look & Omit<ComponentProps<'button'>, 'className' | 'children'> & { readonly busy?: boolean };

/** A button with a text. While `busy`, it keeps its place and focus but does nothing. */
export function Button({ variant = 'neutral', icon, busy = false, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={variants[variant]}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {icon ? <ButtonIcon name={icon} side="left" /> : null}
      {children}
    </button>
  );
}

type LinkButtonProps = Look & Omit<ComponentProps<'a'>, 'className' | 'children'>;

/** A link that looks like a button: for navigation, including to pages of other origins. */
export function LinkButton({ variant = 'neutral', icon, children, ...rest }: LinkButtonProps) {
  return (
    <a {...rest} className={variants[variant]}>
      {icon ? <ButtonIcon name={icon} side="left" /> : null}
      {children}
    </a>
  );
}

const iconVariants = {
  bare: 'slds-button slds-button_icon',
  border: 'slds-button slds-button_icon slds-button_icon-border-filled',
  more: 'slds-button slds-button_icon slds-button_icon-border-filled slds-button_icon-x-small',
} as const;

type IconButtonProps = Omit<ComponentProps<'button'>, 'className' | 'children' | 'aria-label'> & {
  readonly icon: IconName;
  /** The name for screen readers, also shown as a tooltip. */
  readonly label: string;
  readonly variant?: keyof typeof iconVariants;
  readonly busy?: boolean;
};

/** An icon-only button. While `busy`, the icon turns (unless motion is reduced) and clicks do nothing. */
export function IconButton({ icon, label, variant = 'bare', busy = false, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`${iconVariants[variant]} ${busy ? 'argus-turning' : ''}`}
      title={rest.title ?? label}
      aria-label={label}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      <ButtonIcon name={icon} />
    </button>
  );
}
