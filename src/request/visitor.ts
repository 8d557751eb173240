import type { Visitor } from '../identity/identity.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { Platform } from '../platform/platform.ts';

/** What may be known of who sends a request, beside their token. The platform is asked where somebody wants to know. */
export function visitorOf(
  platform: Pick<Platform, 'country' | 'device'>,
  address: string | null,
  { headers, cookies }: Pick<RequestFacts, 'headers' | 'cookies'>,
): Visitor {
  return {
    headers,
    cookies,
    country: () => (address === null ? null : platform.country(address)),
    device: () => platform.device(headers.get('user-agent') ?? ''),
  };
}
