import type { Mender } from '@argus/contract/errors/labels';

/** 「Microsoft Entra・365の管理者 → 利用者本人」: who mends something, in the order in which they act. */
export function inTurn(menders: readonly Mender[], labels: Readonly<Record<Mender, string>>): string {
  return menders.map((mender) => labels[mender]).join(' → ');
}
