import { useText } from '../i18n/text-context.tsx';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

/** Instead of rows, where search and filters leave none; after a search for names, how it compares. */
export function NoMatch({ searched = false, onClear }: { searched?: boolean; onClear: () => void }) {
  const { noMatch, howSearched, clearFilters } = useText('controls');
  return (
    <EmptyState
      icon="utility:search"
      title={noMatch}
      {...(searched ? { text: howSearched } : {})}
      action={<Button onClick={onClear}>{clearFilters}</Button>}
    />
  );
}
