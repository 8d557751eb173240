import { useCallback, useEffect, useState } from 'react';
import { operate } from './operate.ts';
import { readSwitches, type ServiceSwitches } from './switch-rows.ts';

export type Loaded =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly problem: string }
  | { readonly is: 'known'; readonly switches: ServiceSwitches };

/** What the service says of its switches. */
export function useSwitches(consoleKey: string | null): readonly [Loaded, () => Promise<void>] {
  const [loaded, setLoaded] = useState<Loaded>({ is: 'loading' });
  const load = useCallback(async () => {
    const answer = await operate(consoleKey, 'status', {});
    if (!answer.ok) return setLoaded({ is: 'failed', problem: answer.problem });
    const switches = readSwitches(answer.content);
    setLoaded(
      switches === null
        ? { is: 'failed', problem: 'The service tells nothing of its switches: a newer build of it does.' }
        : { is: 'known', switches },
    );
  }, [consoleKey]);
  useEffect(() => void load(), [load]);
  return [loaded, load];
}
