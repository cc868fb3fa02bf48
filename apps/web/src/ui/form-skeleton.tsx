import { Skeleton, SkeletonBar } from './skeleton.tsx';

/** The shape of a form. */
export function FormSkeleton() {
  return (
    <Skeleton>
      <div className="argus-form-skeleton">
        {Array.from({ length: 5 }, (_, field) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the fields are alike and never change places
          <div key={field} className="argus-form-skeleton__field">
            <SkeletonBar width={[22, 30, 18][field % 3] ?? 22} />
            <div className="argus-form-skeleton__input" />
          </div>
        ))}
      </div>
    </Skeleton>
  );
}
