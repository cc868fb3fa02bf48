import { expect, test } from 'vitest';
import { rebaseDraft } from './rebase-draft.ts';

const base = { url: 'a', count: 10, preview: true };

test('what was typed stays, and everything else becomes what the other administrator saved', () => {
  const rebased = rebaseDraft(base, { ...base, url: 'typed' }, { ...base, count: 20 });
  expect(rebased).toEqual({ values: { url: 'typed', count: 20, preview: true }, conflicts: [] });
});

test('a field that both changed keeps what was typed and is named', () => {
  const rebased = rebaseDraft(
    base,
    { ...base, url: 'typed', preview: false },
    { ...base, url: 'theirs', preview: false },
  );
  expect(rebased).toEqual({ values: { url: 'typed', count: 10, preview: false }, conflicts: ['url'] });
});
