import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';

/** 変更を保存 · 元に戻す, docked to the bottom of the window while the form is longer than it. */
export function FormActions(props: {
  dirty: boolean;
  busy: boolean;
  onRestore: () => void;
  saveLabel: string | undefined;
}) {
  const { dirty, busy, onRestore, saveLabel } = props;
  const words = useText('controls');
  return (
    <div className="argus-form-actions">
      <Button onClick={onRestore} disabled={!dirty || busy}>
        {words.restore}
      </Button>
      <Button type="submit" variant="brand" busy={busy}>
        {saveLabel ?? words.save}
      </Button>
    </div>
  );
}
