/**
 * A value that somebody typed: never markup, in its own writing direction, cut after three lines (the whole of it as a tooltip).
 * `code` sets it in the fixed-width face of addresses and ids.
 */
export function DataText({ text, code = false }: { text: string; code?: boolean }) {
  return (
    <bdi
      className={code ? 'argus-data argus-data_clamped argus-code' : 'argus-data argus-data_clamped'}
      dir="auto"
      title={text}
    >
      {text}
    </bdi>
  );
}
