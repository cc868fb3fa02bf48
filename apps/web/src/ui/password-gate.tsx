import { useEffect, useEffectEvent, useId, useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { setPasswordGate } from '../lib/ask-for-password.ts';
import { formatCountdown } from '../lib/format-time.ts';
import { ConfirmModal } from './confirm-modal.tsx';
import { usePasswordProof } from './prove-password.tsx';

/** Asks for the password whenever the API requires it, and lets the refused request continue. */
export function PasswordGate() {
  const [answer, setAnswer] = useState<(proved: boolean) => void>();
  useEffect(() => {
    let end: ((proved: boolean) => void) | undefined;
    setPasswordGate(
      () =>
        new Promise((resolve) => {
          end = (proved) => {
            setAnswer(undefined);
            resolve(proved);
          };
          setAnswer(() => end);
        }),
    );
    return () => {
      setPasswordGate(undefined);
      // Who leaves the page gives no proof, and what waits for it is told so.
      end?.(false);
    };
  }, []);
  return answer ? <Gate answer={answer} /> : null;
}

function Gate({ answer }: { answer: (proved: boolean) => void }) {
  const words = useText('controls').proof;
  const formId = useId();
  const proof = usePasswordProof();
  const { waitSeconds } = proof;
  const focus = useEffectEvent(() => proof.focus());
  useEffect(() => focus(), []);
  return (
    <ConfirmModal
      title={words.title}
      action={waitSeconds > 0 ? `${words.action} (${formatCountdown(waitSeconds)})` : words.action}
      destructive={false}
      busy={proof.busy || waitSeconds > 0}
      error={proof.error}
      form={formId}
      onClose={() => answer(false)}
    >
      <form
        id={formId}
        ref={proof.formRef}
        className="argus-prose"
        onSubmit={(event) => proof.submit(event, () => answer(true))}
        noValidate
      >
        <p>{words.text}</p>
        {proof.field}
      </form>
    </ConfirmModal>
  );
}
