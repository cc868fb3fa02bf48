import type { ReactNode } from 'react';
import { type FieldBinding, FormTextField } from '../../../ui/form-field.tsx';
import { CoverageLine } from './coverage-line.tsx';

/** A URL that Argus calls, with what the remote sites say of it; `children` stand below that. */
export function CoveredUrlField(
  props: FieldBinding<string, 'mailUrl' | 'tokenEndpointUrl'> & { help: string; children?: ReactNode },
) {
  const { children, ...field } = props;
  return (
    <FormTextField
      {...field}
      type="url"
      required
      below={
        field.error ? null : (
          <>
            <CoverageLine field={field.name} url={field.value} onRepair={field.onChange} />
            {children}
          </>
        )
      }
    />
  );
}
