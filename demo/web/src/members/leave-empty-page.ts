/** What the browser freezes for the back button (bfcache) shows nothing of anybody: a page that comes out of it is loaded again. */
export function leaveEmptyPage(): void {
  addEventListener('pagehide', () => {
    document.body.hidden = true;
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
}
