import type { ReactNode } from 'react';

const drawings: Readonly<Record<'mail' | 'connect' | 'unlinked' | 'done', ReactNode>> = {
  mail: (
    <>
      <path className="argus-draw__soft" d="M36 92h128" />
      <rect className="argus-draw__paper" x="58" y="28" width="84" height="58" rx="5" />
      <path className="argus-draw__line" d="m59 33 41 31 41-31M60 84l29-29m51 29-29-29" />
      <path className="argus-draw__soft" d="M28 44h14M22 58h20M160 40h16M162 54h10" />
    </>
  ),
  connect: (
    <>
      <path className="argus-draw__soft" d="M28 92h144" />
      <rect className="argus-draw__paper" x="26" y="34" width="58" height="44" rx="5" />
      <path className="argus-draw__line" d="m27 39 28 21 28-21" />
      <path className="argus-draw__line argus-draw__dash" d="M90 56h20" />
      <circle className="argus-draw__paper" cx="144" cy="56" r="27" />
      <path className="argus-draw__line" d="M134 54v-6a10 10 0 0 1 20 0v6" />
      <rect className="argus-draw__solid" x="129" y="53" width="30" height="20" rx="3" />
      <path className="argus-draw__key" d="M144 60v6" />
    </>
  ),
  unlinked: (
    <>
      <path className="argus-draw__soft" d="M28 92h144" />
      <circle className="argus-draw__paper" cx="56" cy="44" r="14" />
      <path className="argus-draw__paper" d="M30 84c2-16 12-24 26-24s24 8 26 24Z" />
      <path className="argus-draw__line argus-draw__dash" d="M88 60h24" />
      <rect className="argus-draw__paper argus-draw__dash" x="118" y="36" width="56" height="44" rx="5" />
      <path className="argus-draw__line argus-draw__dash" d="m119 41 27 21 27-21" />
    </>
  ),
  done: (
    <>
      <path className="argus-draw__soft" d="M36 92h128" />
      <circle className="argus-draw__paper" cx="100" cy="54" r="32" />
      <path className="argus-draw__check" d="m85 55 11 11 20-23" />
    </>
  ),
};

/** Our own drawing for a state that is not a fault, above a sentence or two and the one sensible step. */
export function Illustration(props: { drawing: keyof typeof drawings; title: ReactNode; children?: ReactNode }) {
  const { drawing, title, children } = props;
  return (
    <div className="argus-illustration">
      <svg className="argus-draw" viewBox="0 0 200 108" aria-hidden="true">
        {drawings[drawing]}
      </svg>
      <p className="argus-illustration__title">{title}</p>
      {children}
    </div>
  );
}
