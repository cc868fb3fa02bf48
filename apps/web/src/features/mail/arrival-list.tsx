import type { Arrival } from '@argus/contract/endpoints/mail';
import { useText } from '../../i18n/text-context.tsx';
import { Illustration } from '../../ui/illustration.tsx';
import { Skeleton, SkeletonBar } from '../../ui/skeleton.tsx';
import { ArrivalRow } from './arrival-row.tsx';

/**
 * The messages, newest first as listed by Microsoft; `newIds` came with the last refresh and are highlighted for a
 * moment.
 */
export function ArrivalList({ items, newIds }: { items: readonly Arrival[]; newIds: ReadonlySet<string> }) {
  const words = useText('mail');
  if (items.length === 0) {
    return (
      <Illustration drawing={emptyMailbox} title={words.empty}>
        <p>{words.emptyText}</p>
      </Illustration>
    );
  }
  return (
    <ul className="argus-mails" aria-label={words.list}>
      {items.map((arrival) => (
        <ArrivalRow key={arrival.id} arrival={arrival} isNew={newIds.has(arrival.id)} />
      ))}
    </ul>
  );
}

const shapes = [
  [30, 62],
  [24, 48],
  [34, 70],
  [22, 55],
  [28, 40],
] as const;

/** The list's shape while it loads for the first time. */
export function ArrivalSkeleton() {
  return (
    <Skeleton>
      {shapes.map(([sender, subject]) => (
        <div key={`${sender}-${subject}`} className="argus-mails__bones">
          <SkeletonBar width={sender} thick />
          <SkeletonBar width={subject} />
        </div>
      ))}
    </Skeleton>
  );
}

const emptyMailbox = (
  <>
    <path className="argus-draw__soft" d="M36 92h128" />
    <rect className="argus-draw__paper" x="58" y="28" width="84" height="58" rx="5" />
    <path className="argus-draw__line" d="m59 33 41 31 41-31M60 84l29-29m51 29-29-29" />
    <path className="argus-draw__soft" d="M28 44h14M22 58h20M160 40h16M162 54h10" />
  </>
);
