import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { useDelayed } from '../lib/use-delayed.ts';

/** A grey bar in place of a text; `width` in percent of the line. */
export function SkeletonBar({ width = 100, thick = false }: { width?: number; thick?: boolean }) {
  return <span className={thick ? 'argus-bar argus-bar_thick' : 'argus-bar'} style={{ inlineSize: `${width}%` }} />;
}

/** A placeholder while something loads: nothing for 150 ms, then the shape in `children`, announced once as loading. */
export function Skeleton({ children }: { children: ReactNode }) {
  const { loading } = useText('common');
  const visible = useDelayed(150);
  return (
    <div className="argus-skeleton" role="status" data-visible={visible}>
      <span className="slds-assistive-text">{loading}</span>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

/** The shape of a few lines of text. */
export function SkeletonLines({ lines = 4 }: { lines?: number }) {
  return (
    <Skeleton>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are alike and never change places
        <p key={line} className="argus-skeleton__line">
          <SkeletonBar width={[92, 78, 85, 60][line % 4] ?? 80} />
        </p>
      ))}
    </Skeleton>
  );
}
