import type { ErrorCauseView } from '@argus/contract/endpoints/triage/board';
import { expect, test } from 'vitest';
import { tellApart } from './tell-apart.ts';

function cause(id: number, parts: Partial<ErrorCauseView>): ErrorCauseView {
  return {
    id,
    code: 'mail_timeout',
    title: 'T',
    suffix: 'Graph',
    origin: 'https://a.example',
    signature: null,
    ...parts,
  } as ErrorCauseView;
}

test('causes with the same code and title are distinguished by what differs, and by nothing else', () => {
  const causes = [
    cause(1, {}),
    cause(2, { origin: 'https://b.example' }),
    cause(3, { code: 'mail_unauthorized' }),
    cause(4, { code: 'token_failed', suffix: 'A', origin: null }),
    cause(5, { code: 'token_failed', suffix: null, origin: 'https://b.example' }),
  ];
  expect(Object.fromEntries(tellApart(causes))).toEqual({
    1: ['origin'],
    2: ['origin'],
    4: ['suffix', 'origin'],
    5: ['suffix', 'origin'],
  });
});

test('replies that the catalogue does not know already show how they differ', () => {
  const causes = [cause(1, { signature: 'AADSTS1' }), cause(2, { signature: 'AADSTS2' })];
  expect(tellApart(causes).size).toBe(0);
});
