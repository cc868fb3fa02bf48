import type { ReactNode } from 'react';

/** Our own drawing for a state that is not a fault, above a sentence or two and the one sensible step. */
export function Illustration(props: {
  /** Inside a view box of 200 by 108, by the classes `argus-draw__…`. */
  drawing: ReactNode;
  title: ReactNode;
  children?: ReactNode;
}) {
  const { drawing, title, children } = props;
  return (
    <div className="argus-illustration">
      <svg className="argus-draw" viewBox="0 0 200 108" aria-hidden="true">
        {drawing}
      </svg>
      <p className="argus-illustration__title">{title}</p>
      {children}
    </div>
  );
}
