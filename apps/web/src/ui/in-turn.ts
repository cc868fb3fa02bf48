import type { Mender } from '@argus/contract/errors/labels';

/** 「Microsoft Entra・365の管理者 → 利用者本人」: the owners of a fix, in the order in which they act. */
export function inTurn(menders: readonly Mender[], labels: Readonly<Record<Mender, string>>): string {
  return menders.map((mender) => labels[mender]).join(' → ');
}
