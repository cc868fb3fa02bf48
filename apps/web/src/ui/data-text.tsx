import { Fragment } from 'react';

/**
 * A value that somebody typed: never markup, in its own writing direction, cut after three lines (the whole of it as a tooltip).
 * Accounts and addresses break first after @ and /. `code` sets it in the fixed-width face of addresses and ids.
 */
export function DataText({ text, code = false }: { text: string; code?: boolean }) {
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
