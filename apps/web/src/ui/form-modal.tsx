import { type FormEvent, type ReactNode, useId } from 'react';
import { ActionModal } from './action-modal.tsx';
import type { FormDraft } from './form-draft.ts';
import { FormProblem } from './form-problem.tsx';
import type { LoadLatest } from './use-load-latest.ts';

/** A form in a modal: why it was not saved, its fields, and the button that saves it. */
export function FormModal<T extends object>(props: {
  title: string;
  /** Stands above the form. */
  lead?: ReactNode;
  draft: FormDraft<T>;
  error: unknown;
  /** For a record that others may have changed. */
  latest?: LoadLatest | undefined;
  busy: boolean;
  /** What the button does. */
  action: string;
  autoComplete?: 'off';
  /** Not called while it is busy. */
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, lead, draft, error, latest, busy, action, autoComplete, onSubmit, onClose, children } = props;
  const formId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Where a form's field opened the modal, that form is still an ancestor to React.
    event.stopPropagation();
    if (!busy) onSubmit();
  };
  return (
    <ActionModal title={title} action={action} form={formId} busy={busy} onClose={onClose}>
      {lead}
      <form id={formId} ref={draft.formRef} onSubmit={submit} noValidate autoComplete={autoComplete}>
        <FormProblem draft={draft} error={error} latest={latest} />
        {children}
      </form>
    </ActionModal>
  );
}
