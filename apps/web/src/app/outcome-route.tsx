import { BareFrame } from './bare-frame.tsx';

/** /authorization/outcome/$id */
export function OutcomeRoute() {
  return <BareFrame>{null}</BareFrame>;
}
