import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import { useText } from '../../../i18n/text-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { useFormDraft } from '../../../ui/form-draft.ts';
import { CheckboxField, FormTextField } from '../../../ui/form-field.tsx';
import { FormModal } from '../../../ui/form-modal.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { NearMisses } from './near-misses.tsx';
import { hostOf } from './origin-of.ts';
import { coverageQuery, useSaveRemoteSite } from './queries.ts';

/** 「このサイトを追加」: in place, so that the surrounding form keeps its input. */
export function AddSite({ origin, onMended }: { origin: string; onMended?: () => void }) {
  const words = useText('connection/setup').coverage;
  const [adding, setAdding] = useState(false);
  // The dialog first returns the focus to the button, which is about to disappear.
  const done = () => {
    flushSync(() => setAdding(false));
    onMended?.();
  };
  return (
    <>
      <Button variant="base" onClick={() => setAdding(true)}>
        {words.addSite}
      </Button>
      {/* Outside its form, as forms cannot be nested. */}
      {adding
        ? createPortal(<AddSiteModal origin={origin} onDone={done} onClose={() => setAdding(false)} />, document.body)
        : null}
    </>
  );
}

const fieldsOf = (origin: string): { name: string; disableProtocolSecurity: boolean; confirmed: boolean } => ({
  name: hostOf(origin),
  disableProtocolSecurity: false,
  confirmed: false,
});

/** Registers the origin of a URL once the administrator has confirmed it: a typo could receive the secret. */
function AddSiteModal(props: { origin: string; onDone: () => void; onClose: () => void }) {
  const { origin, onDone, onClose } = props;
  const words = useText('connection/setup').sites;
  const toast = useToast();
  const plain = origin.startsWith('http://');
  const draft = useFormDraft(fieldsOf(origin), { ...words, confirmed: words.confirm(origin) }, { focus: 'name' });
  const save = useSaveRemoteSite();
  const coverage = useQuery(coverageQuery('url', origin));

  const submit = () => {
    const { name, disableProtocolSecurity, confirmed } = draft.values;
    const missing = {
      ...(plain && !disableProtocolSecurity ? { disableProtocolSecurity: words.protocolMissing } : {}),
      ...(confirmed ? {} : { confirmed: words.confirmMissing }),
    };
    if (draft.refuse(missing)) return;
    save.mutate(
      { body: { name, url: origin, disableProtocolSecurity, active: true, description: '' } },
      {
        onSuccess: () => {
          toast(words.created);
          onDone();
        },
        onError: draft.refuseBy,
      },
    );
  };
  return (
    <FormModal
      title={words.addTitle}
      draft={draft}
      error={save.error}
      busy={save.isPending}
      action={words.create}
      onSubmit={submit}
      onClose={onClose}
    >
      <ScopedNotification kind="warning">
        <p className="argus-strong">{words.confirmTitle}</p>
        <p className="argus-confirm-origin argus-code">{origin}</p>
        <p>{words.confirmText}</p>
        <NearMisses label={words.confirmNear} sites={coverage.data?.nearMisses ?? []} />
        <CheckboxField {...draft.field('confirmed')} />
      </ScopedNotification>
      <FormTextField {...draft.field('name')} required />
      {plain ? <CheckboxField {...draft.field('disableProtocolSecurity')} help={words.protocolHelp} /> : null}
    </FormModal>
  );
}
