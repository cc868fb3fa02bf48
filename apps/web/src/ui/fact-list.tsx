import type { ReactNode } from 'react';
import '../styles/admin-sheet.css';

/** Names and values of one record. */
export function FactList({ facts }: { facts: readonly { name: string; value: ReactNode }[] }) {
  return (
    <dl className="argus-record">
      {facts.map(({ name, value }) => (
        <div key={name} className="argus-record__fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
