import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';

/** 元に戻す · other actions · 変更を保存, docked to the bottom of the window while the form is longer than it. */
export function FormActions(props: {
  dirty: boolean;
  busy: boolean;
  onRestore: () => void;
  saveLabel: string | undefined;
  /** What else can be done with the form. */
  more?: ReactNode;
}) {
  const { dirty, busy, onRestore, saveLabel, more } = props;
  const words = useText('controls');
  return (
    <div className="argus-form-actions">
      <Button onClick={onRestore} disabled={!dirty || busy}>
        {words.restore}
      </Button>
      {more}
      <Button type="submit" variant="brand" busy={busy}>
        {saveLabel ?? words.save}
      </Button>
    </div>
  );
}
