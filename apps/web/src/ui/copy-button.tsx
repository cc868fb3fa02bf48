import { useEffect, useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { copyText } from '../lib/copy-text.ts';
import { Button } from './button.tsx';

/** Copies `text`; shows the result for two seconds. */
export function CopyButton({ text, label, name }: { text: string; label?: string; name?: string }) {
  const words = useText('common');
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => setOutcome((await copyText(text)) ? 'copied' : 'failed');
  const said = outcome === 'copied' ? words.copied : outcome === 'failed' ? words.copyFailed : null;
  return (
    <>
      <Button name={name} icon={outcome === 'copied' ? 'utility:check' : 'utility:copy'} onClick={() => void copy()}>
        {said ?? label ?? words.copy}
      </Button>
      <span className="slds-assistive-text" role="status">
        {said}
      </span>
    </>
  );
}
