import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { fieldMessages } from '../lib/field-messages.ts';
import type { FieldBinding } from './form-field.tsx';
import { rebaseDraft } from './rebase-draft.ts';

/**
 * The values of a form: texts, choices, and yes or no. Numbers are texts, so that a typing mistake can be corrected.
 */
type Fields<T> = { readonly [K in keyof T]: string | boolean };

interface State<T> {
  /** The loaded record and its version, the optimistic lock. 0 = not saved yet. */
  readonly base: T;
  readonly version: number;
  readonly values: T;
  readonly theirs: Partial<T>;
  readonly errors: Readonly<Record<string, string>>;
  readonly rebased: boolean;
}

/** A form's values while edited, compared with the record they started from. */
export interface FormDraft<T> {
  readonly values: T;
  readonly version: number;
  readonly dirty: boolean;
  /** The record is somebody else's newer one, with the user's input on top. */
  readonly rebased: boolean;
  /** For the form element: it is used to find the first invalid field. */
  readonly formRef: RefObject<HTMLFormElement | null>;
  /** What a field part needs to show and change one value. */
  readonly field: <K extends keyof T & string>(name: K) => FieldBinding<T[K], K>;
  readonly change: (values: Partial<T>) => void;
  /** Restores the record. */
  readonly restore: () => void;
  /** The record was saved; the form now shows it. */
  readonly saved: (record: T, version: number) => void;
  /**
   * Somebody else changed the record: takes their values, keeps the user's input, and shows both where they conflict.
   */
  readonly rebase: (record: T, version: number) => void;
  /** Shows the fields' errors, and focuses the first of them. False where there are none. */
  readonly refuse: (errors: Readonly<Record<string, string>>) => boolean;
  /** The same for an API error. Errors without fields are left to the form's own notice. */
  readonly refuseBy: (error: unknown) => void;
}

/**
 * Edits a record in a form. While nothing is typed, the form follows the record; what is typed is never lost to a newer one.
 * @param labels of the fields, by their names
 * @param highlighted the field that a deep link points to; it gets the focus
 * @param focus the first field to focus, if the form opens in a modal
 */
export function useFormDraft<T extends Fields<T>>(
  record: T,
  labels: Readonly<Record<keyof NoInfer<T>, string>>,
  {
    version = 0,
    highlighted,
    focus,
  }: { version?: number; highlighted?: string | undefined; focus?: keyof T & string } = {},
): FormDraft<T> {
  const [state, setState] = useState<State<T>>(() => fresh(record, version));
  const formRef = useRef<HTMLFormElement>(null);
  const focusNext = useRef<readonly string[]>([]);
  const dirty = isDirty(state.base, state.values);

  if (!dirty && version > state.version) setState(fresh(record, version));

  useEffect(() => {
    if (focusNext.current.length === 0) return;
    focusField(formRef.current, focusNext.current);
    focusNext.current = [];
  });

  const first = highlighted ?? focus;
  useEffect(() => {
    if (first === undefined) return;
    // After the frame in which the page's heading, or the modal's close button, takes the focus.
    const frame = requestAnimationFrame(() => focusField(formRef.current, [first]));
    return () => cancelAnimationFrame(frame);
  }, [first]);

  const change = useCallback((patch: Partial<T>) => {
    setState((before) => ({
      ...before,
      values: { ...before.values, ...patch },
      theirs: without(before.theirs, Object.keys(patch)),
      errors: without(before.errors, Object.keys(patch)),
    }));
  }, []);
  const saved = useCallback((next: T, nextVersion: number) => setState(fresh(next, nextVersion)), []);
  const restore = useCallback(() => setState((before) => fresh(before.base, before.version)), []);
  const rebase = (latest: T, latestVersion: number) => {
    const { values: merged, conflicts } = rebaseDraft(state.base, state.values, latest);
    const theirs: Partial<T> = {};
    for (const field of conflicts) theirs[field] = latest[field];
    focusNext.current = conflicts.map(String);
    setState({ base: latest, version: latestVersion, values: merged, theirs, errors: {}, rebased: true });
  };
  const refuse = useCallback((errors: Readonly<Record<string, string>>) => {
    focusNext.current = Object.keys(errors);
    setState((before) => ({ ...before, errors }));
    return Object.keys(errors).length > 0;
  }, []);
  const refuseBy = useCallback((error: unknown) => void refuse(fieldMessages(error)), [refuse]);

  const field = <K extends keyof T & string>(name: K): FieldBinding<T[K], K> => ({
    name,
    label: labels[name],
    value: state.values[name],
    onChange: (value) => change({ [name]: value } as unknown as Partial<T>),
    error: state.errors[name],
    theirs: state.theirs[name],
    highlighted: highlighted === name,
  });
  const { values, rebased } = state;
  return {
    values,
    version: state.version,
    dirty,
    rebased,
    formRef,
    field,
    change,
    restore,
    saved,
    rebase,
    refuse,
    refuseBy,
  };
}

function fresh<T>(record: T, version: number): State<T> {
  return { base: record, version, values: record, theirs: {}, errors: {}, rebased: false };
}

function isDirty<T extends Fields<T>>(base: T, values: T): boolean {
  return (Object.keys(values) as (keyof T)[]).some((field) => !Object.is(values[field], base[field]));
}

function without<R extends object>(record: R, names: readonly string[]): R {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name))) as R;
}

function focusField(form: HTMLFormElement | null, names: readonly string[]): void {
  const control = [...(form?.elements ?? [])].find((element) => names.includes(element.getAttribute('name') ?? ''));
  if (!(control instanceof HTMLElement)) return;
  control.focus({ preventScroll: true });
  control.scrollIntoView({ block: 'center' });
}
