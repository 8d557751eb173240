/**
 * Takes away service workers that an older version of this application has left behind, and what they stored: they would answer from
 * a copy without asking whose it is.
 *
 * @returns whether this page itself came through one, and should be loaded again.
 */
export async function retireServiceWorkers(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(registrations.map((registration) => registration.unregister()));
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  return navigator.serviceWorker.controller !== null;
}
