import type { World } from '../base/world.ts';
import { fastlyApi } from '../fastly/api.ts';
import { refusal } from './ask-service.ts';
import type { WriteSwitch } from './switch-order.ts';

/**
 * Switches in a Config Store, through Fastly's API.
 *
 * Source: https://www.fastly.com/documentation/reference/api/services/resources/config-store-item
 *
 * @throws {CliError} CLI_CONFIG where FASTLY_API_TOKEN is not set.
 */
export function fastlySwitches(world: World, storeId: string): WriteSwitch {
  const api = fastlyApi(world);
  return async ({ item, value }) => {
    const place = `/resources/stores/config/${encodeURIComponent(storeId)}/item/${encodeURIComponent(item)}`;
    const outcome =
      value === null
        ? await api.send('DELETE', place)
        : await api.send(
            'PUT',
            place,
            { 'content-type': 'application/x-www-form-urlencoded' },
            new URLSearchParams({ item_value: value }).toString(),
          );
    if (outcome.kind !== 'answer') return refusal(502, `Fastly’s API: ${outcome.reason}`);
    // What is not there is gone.
    const isDone = outcome.status < 300 || (value === null && outcome.status === 404);
    if (!isDone)
      return refusal(
        502,
        `Fastly’s API answered ${outcome.status}: is the token allowed to write the store?`,
      );
    return { status: 200, body: JSON.stringify({ item, value }) };
  };
}
