import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { useQueryParams } from '../../lib/query-params.ts';
import { pages } from '../../pages.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import '../../styles/admin-sheet.css';
import '../../styles/admin-forms.css';
import '../../styles/doctor.css';
import { LatestRuns } from './latest-runs.tsx';
import { RunView } from './run-view.tsx';
import { StartForm } from './start-form.tsx';

/** 接続診断: the user and the displayed run are in the address. Nothing is called until somebody starts a run. */
export function DoctorView() {
  const words = useText('diagnosis/doctor');
  const [{ username, run }] = useQueryParams();
  const [openedWith] = useState(run);
  const [moved, setMoved] = useState(false);
  // If the page opened with a run, the focus stays at the page's heading.
  if (run !== openedWith && !moved) setMoved(true);
  return (
    <>
      <PageHeader title={words.title} icon={pages.diagnosis.icon} note={words.note} />
      <StartForm username={username ?? ''} />
      {run === undefined ? null : <RunView key={run} id={run} focused={moved} />}
      <LatestRuns username={username} shown={run} />
    </>
  );
}
