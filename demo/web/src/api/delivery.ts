import type { Delivery } from 'claimcache/client';

/** `transferSize` of a response whose body the browser had already, so that the edge said 304 (Resource Timing). */
const BYTES_OF_304 = 300;

/** How a response came to the browser, by its timing. */
export function deliveryOf(timing: PerformanceResourceTiming & { readonly deliveryType?: string }): Delivery {
  const { deliveryType, transferSize, encodedBodySize } = timing;
  // After a 304 the body comes from the browser's cache too, but the edge was asked.
  if (transferSize === BYTES_OF_304 && encodedBodySize > 0) return 'revalidated';
  return deliveryType === 'cache' && transferSize === 0 ? 'browser' : 'network';
}
