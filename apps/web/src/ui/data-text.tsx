import { Fragment } from 'react';
import { plainDirection } from '../lib/plain-direction.ts';

/**
 * User input: never markup, in its own writing direction, cut after three lines (with the whole text as a tooltip).
 * Accounts and addresses preferably break after @ and /. `code` uses the fixed-width font of addresses and ids.
 */
export function DataText({ text: given, code = false }: { text: string; code?: boolean }) {
  const text = plainDirection(given);
  const parts = text.split(/(?<=[@?&]|[^/:]\/)(?!\/)/);
  return (
    <bdi
      className={code ? 'argus-data argus-data_clamped argus-code' : 'argus-data argus-data_clamped'}
      dir="auto"
      title={text}
    >
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no identity but their place
        <Fragment key={index}>
          {index > 0 ? <wbr /> : null}
          {part}
        </Fragment>
      ))}
    </bdi>
  );
}
