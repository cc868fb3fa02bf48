import { type ReactNode, useId } from 'react';

/** A titled part of a form. */
export function FormSection({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="argus-form-section" aria-labelledby={id}>
      <div className="argus-form-section__head">
        <h2 id={id} className="argus-form-section__title">
          {title}
        </h2>
        {note ? <p className="argus-form-section__note">{note}</p> : null}
      </div>
      <div className="argus-form-section__fields">{children}</div>
    </section>
  );
}
