import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type Dropped, readChoice, readDrop } from './dropped-file.ts';

/** Where a file is dropped; and a button that does the same by the browser's own dialog. */
export function DropZone({ onDrop }: { onDrop: (dropped: Dropped) => void }) {
  const words = useText('csv').importing;
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  useNoDropBeside();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onDrop(readDrop(event.dataTransfer));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the pointer; the button in it does the same by keyboard
    <div
      className="argus-drop"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      <Icon name="utility:upload" size="medium" tone="light" />
      <p className="argus-strong">{over ? words.dropNow : words.drop}</p>
      <p className="argus-quiet">{words.or}</p>
      <Button variant="brand" icon="utility:file" onClick={() => input.current?.click()}>
        {words.choose}
      </Button>
      <input
        ref={input}
        type="file"
        // Not to be reached by keyboard: the button opens it.
        hidden
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        aria-label={words.choose}
        onChange={(event) => {
          const { files } = event.currentTarget;
          if (files && files.length > 0) onDrop(readChoice(files));
          // The same file, mended, may be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

/** A file dropped beside the zone would be opened by the browser, in place of Argus. */
function useNoDropBeside() {
  useEffect(() => {
    const refuse = (event: globalThis.DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', refuse);
    window.addEventListener('drop', refuse);
    return () => {
      window.removeEventListener('dragover', refuse);
      window.removeEventListener('drop', refuse);
    };
  }, []);
}
