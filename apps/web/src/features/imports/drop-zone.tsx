import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type Dropped, readChoice, readDrop } from './dropped-file.ts';

/** A zone to drop a file on, and a button that opens the browser's file dialog. */
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
        // Not reachable by keyboard: the button opens it.
        hidden
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        aria-label={words.choose}
        onChange={(event) => {
          const { files } = event.currentTarget;
          if (files && files.length > 0) onDrop(readChoice(files));
          // The same file may be chosen again after correction.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

/** The browser would open a file dropped beside the zone, replacing Argus. */
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
