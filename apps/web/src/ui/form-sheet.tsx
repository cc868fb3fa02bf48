import type { FormEvent, ReactNode } from 'react';
import { FormActions } from './form-actions.tsx';
import type { FormDraft } from './form-draft.ts';
import { FormProblem } from './form-problem.tsx';
import { UnsavedChanges } from './unsaved-changes.tsx';
import type { LoadLatest } from './use-load-latest.ts';

/** The form of a page: why it was not saved, its sections, and what saves or restores it. Leaving asks first, once it is changed. */
export function FormSheet<T extends object>(props: {
  draft: FormDraft<T>;
  error: unknown;
  /** For a record that others may have changed. */
  latest: LoadLatest | undefined;
  /** What else is to be said above the fields. */
  notices?: ReactNode;
  /** There is something to restore that the draft knows nothing of. */
  changed?: boolean;
  busy: boolean;
  saveLabel?: string;
  /** Buttons beside that of saving. */
  more?: ReactNode;
  /** Not called while it is busy. */
  onSubmit: () => void;
  onRestore: () => void;
  children: ReactNode;
}) {
  const {
    draft,
    error,
    latest,
    notices,
    changed = false,
    busy,
    saveLabel,
    more,
    onSubmit,
    onRestore,
    children,
  } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <form ref={draft.formRef} className="argus-sheet" onSubmit={submit} noValidate>
      <UnsavedChanges dirty={draft.dirty} />
      <div className="argus-sheet__notices">
        <FormProblem draft={draft} error={error} latest={latest} />
        {notices}
      </div>
      {children}
      <FormActions dirty={draft.dirty || changed} busy={busy} onRestore={onRestore} saveLabel={saveLabel} more={more} />
    </form>
  );
}
