/** Which fields of a form a problem names, each with the code of what is wrong there. */
export function fieldsOf(problem: { fields?: { field: string; code: string }[] }): string[][] | undefined {
  return problem.fields?.map(({ field, code }) => [field, code]);
}

/** The same of what a page of the set-up warns of. */
export function warningsOf(view: { warnings: { field: string; code: string }[] }): string[][] {
  return view.warnings.map(({ field, code }) => [field, code]);
}
