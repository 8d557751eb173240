import { useState } from 'react';
import type { SwitchRow } from './switch-rows.ts';

export interface SwitchTableProps {
  readonly rows: readonly SwitchRow[];
  readonly patterns: Readonly<Record<string, string>>;
  readonly keyVersion: string;
  readonly want: (item: string, value: string) => void;
}

/** Each switch with what it may be; choosing another asks first, and changes nothing here. */
export function SwitchTable({ rows, patterns, keyVersion, want }: SwitchTableProps) {
  return (
    <ul className="switches">
      {rows.map(({ item, name, value, values }) => (
        <li key={item} data-set={value !== 'on'}>
          <span className="switch-name">
            {name}
            <code>{patterns[item.replace(/^route\./, '')] ?? item}</code>
          </span>
          <fieldset className="choices">
            <legend className="unseen">{name}</legend>
            {values.map((choice) => (
              <button
                key={choice}
                type="button"
                aria-pressed={choice === value}
                disabled={choice === value}
                onClick={() => want(item, choice)}
              >
                {choice}
              </button>
            ))}
          </fieldset>
        </li>
      ))}
      <KeyVersion keyVersion={keyVersion} want={want} />
    </ul>
  );
}

function KeyVersion({ keyVersion, want }: Pick<SwitchTableProps, 'keyVersion' | 'want'>) {
  const [next, setNext] = useState('');
  return (
    <li data-set={keyVersion !== ''}>
      <span className="switch-name">
        Key version
        <code>{keyVersion === '' ? 'none' : keyVersion}</code>
      </span>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          want('key_version', next);
        }}
      >
        <label className="unseen" htmlFor="key-version">
          New key version
        </label>
        <input
          id="key-version"
          value={next}
          required
          pattern="[\w.\-]{1,64}"
          placeholder="a new one, such as 2"
          autoComplete="off"
          onChange={({ target }) => setNext(target.value)}
        />
        <button type="submit" className="second">
          Empty everything
        </button>
      </form>
    </li>
  );
}
