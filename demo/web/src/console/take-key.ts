const STORED = 'claimcache-console-key';

/** The key out of the address, which then loses it; kept for this tab alone, so that the page can be loaded again. */
export function takeKey(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (given === null) return sessionStorage.getItem(STORED);
  sessionStorage.setItem(STORED, given);
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return given;
}
