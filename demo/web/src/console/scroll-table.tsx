import { type ReactNode, useId } from 'react';

/** Words stand at the left, in three widths, numbers at the right. */
export type Column = 'short' | 'word' | 'long' | 'number';

export interface ScrollTableProps {
  readonly title: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** How many can be seen at once. */
  readonly rows: 'few' | 'many';
  /** What stands there as long as there is none. */
  readonly nothing: string;
  readonly children: readonly ReactNode[];
}

/** A table in a place of a fixed height: it never moves what stands below, and a keyboard can scroll it. */
export function ScrollTable({ title, columns, rows, nothing, children }: ScrollTableProps) {
  const id = useId();
  return (
    <div className="card">
      <h2 id={id}>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section className={`scroll ${rows}`} aria-labelledby={id} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {Object.entries(columns).map(([name, kind]) => (
                <th key={name} scope="col" className={kind}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
        {children.length === 0 && <p className="nothing">{nothing}</p>}
      </section>
    </div>
  );
}
