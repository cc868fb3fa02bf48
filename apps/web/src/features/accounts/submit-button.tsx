import type { ComponentProps } from 'react';
import { Button } from '../../ui/button.tsx';

/** What sends the form, at its end. */
export function SubmitButton(props: Omit<ComponentProps<typeof Button>, 'type' | 'variant'>) {
  return (
    <div className="argus-form__submit">
      <Button {...props} type="submit" variant="brand" />
    </div>
  );
}
