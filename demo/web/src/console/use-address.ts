import { useCallback, useEffect, useMemo, useState } from 'react';

export interface Address {
  readonly params: URLSearchParams;
  /** Changes some of them, null takes one away. `push`: the back button leads to what was there before. */
  readonly change: (changes: Readonly<Record<string, string | null>>, how?: 'push' | 'replace') => void;
}

/** What is shown stands in the address: it can be kept, sent and gone back to. */
export function useAddress(): Address {
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const follow = () => setSearch(location.search);
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const params = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback<Address['change']>((changes, how = 'replace') => {
    const next = `${location.pathname}${searchWith(location.search, changes)}`;
    if (how === 'push') history.pushState(null, '', next);
    else history.replaceState(null, '', next);
    setSearch(location.search);
  }, []);
  return { params, change };
}

/** The query with some changes: `?…`, or nothing. */
export function searchWith(search: string, changes: Readonly<Record<string, string | null>>): string {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === '' ? '' : `?${text}`;
}
