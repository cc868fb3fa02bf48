import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

/** Instead of rows, where search and filters leave none. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  const { noMatch, clearFilters } = useText('controls');
  return (
    <EmptyState icon="utility:search" title={noMatch} action={<Button onClick={onClear}>{clearFilters}</Button>} />
  );
}
