import type { TrialView } from '@argus/contract/endpoints/diagnosis';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { TrialResult } from '../../../ui/check-saved.tsx';
import type { FormDraft } from '../../../ui/form-draft.ts';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';

/**
 * 保存前に確認: the button that tries a form as it is, and the result, which goes with the next change of the form.
 * @param options.save what saving would send; undefined where the form is refused first
 */
export function useTrial<Sent, Values extends object>(options: {
  draft: FormDraft<Values>;
  trying: UseMutationResult<TrialView, Error, Sent>;
  save: () => Sent | undefined;
  /** Forgets why the form was not saved. */
  onBegin: () => void;
  busy: boolean;
}) {
  const { draft, trying, save, onBegin, busy } = options;
  const words = useText('diagnosis/doctor').trial;
  const [tried, setTried] = useState<Values>();
  const begin = () => {
    const sent = save();
    if (sent === undefined) return;
    onBegin();
    setTried(draft.values);
    window.scrollTo({ top: 0 });
    trying.mutate(sent, { onError: draft.refuseBy });
  };
  const isOfThis = tried === draft.values;
  return {
    error: isOfThis ? trying.error : null,
    reset: trying.reset,
    button: (
      <Button onClick={begin} busy={busy || trying.isPending}>
        {words.action}
      </Button>
    ),
    result: !isOfThis ? null : trying.isPending ? (
      <ScopedNotification kind="info">{words.running}</ScopedNotification>
    ) : trying.data ? (
      <TrialResult trial={trying.data} />
    ) : null,
  };
}
