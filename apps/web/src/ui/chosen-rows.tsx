import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import type { Selection } from './selection.ts';

/** How many rows are chosen, and what can be done with them; nothing while none is. */
export function ChosenRows<Row>({ selection, children }: { selection: Selection<Row>; children: ReactNode }) {
  const { chosen, clearChoice } = useText('controls');
  const count = selection.rows.length;
  return (
    <div role="status">
      {count === 0 ? null : (
        <div className="argus-chosen">
          <span className="argus-strong">{chosen(count)}</span>
          {children}
          <Button variant="base" onClick={selection.clear}>
            {clearChoice}
          </Button>
        </div>
      )}
    </div>
  );
}
