import { CliError } from '../base/cli-error.ts';
import { readManifest } from '../base/manifest.ts';
import type { World } from '../base/world.ts';

/** What a Fastly service id looks like: it becomes part of a URL. */
const SERVICE_ID = /^[A-Za-z0-9]{1,64}$/;

/**
 * The service's id: `--service-id`, FASTLY_SERVICE_ID, `service_id` of fastly.toml, in this order.
 *
 * @returns null where none of them names one.
 * @throws {CliError} CLI_USAGE where it cannot be an id.
 */
export function findServiceId(option: string | undefined, world: World): string | null {
  const fromManifest = () => {
    const value = readManifest(undefined, world.cwd)?.service_id;
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const id = option ?? (world.env.FASTLY_SERVICE_ID || null) ?? fromManifest();
  if (id !== null && !SERVICE_ID.test(id)) {
    throw new CliError(
      'CLI_USAGE',
      'The service id may only have letters and digits.',
      'Copy it from the service.',
    );
  }
  return id;
}
