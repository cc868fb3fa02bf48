import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { connectionChanged } from '../../queries/connection-changed.ts';
import { AppliedImport } from './applied-import.tsx';
import { CancelledImport, FailedImport, UndoneImport } from './ended-import.tsx';
import { StepBody } from './import-frame.tsx';
import { RefusedFile } from './refused-file.tsx';
import { ReviewImport } from './review-import.tsx';
import { ApplyingImport, ReadingFile, ReceivingFile } from './working-import.tsx';

/** The content and actions for an import's state. */
export function ImportStage({ view }: { view: CsvImportView }) {
  const { state } = view;
  // Once there was something to review, reading again with other options does not hide it.
  const [reviewed, setReviewed] = useState(state === 'ready');
  if (state === 'ready' && !reviewed) setReviewed(true);
  useRefreshTables(state);
  const phase = state === 'reading' && reviewed ? 'ready' : state;
  return (
    <StepBody phase={phase}>
      <Stage view={view} reviewing={phase === 'ready'} />
    </StepBody>
  );
}

function Stage({ view, reviewing }: { view: CsvImportView; reviewing: boolean }) {
  if (reviewing) return <ReviewImport view={view} />;
  switch (view.state) {
    case 'receiving':
      return <ReceivingFile view={view} />;
    case 'refused':
      return <RefusedFile view={view} />;
    case 'applying':
    case 'undoing':
      return <ApplyingImport view={view} />;
    case 'applied':
      return <AppliedImport view={view} />;
    case 'undone':
      return <UndoneImport view={view} />;
    case 'failed':
      return <FailedImport view={view} />;
    case 'cancelled':
      return <CancelledImport view={view} />;
    default:
      return <ReadingFile view={view} />;
  }
}

/** Makes the tables show the imported or restored data. */
function useRefreshTables(state: CsvImportView['state']) {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (state !== 'applied' && state !== 'undone') return;
    void queryClient.invalidateQueries({ queryKey: ['account-links'] });
    void queryClient.invalidateQueries({ queryKey: ['users'] });
    void connectionChanged(queryClient);
    void queryClient.invalidateQueries({ queryKey: ['csv-imports', 'latest'] });
  }, [state, queryClient]);
}
