import { MIN_SECRET_LENGTH } from '../../src/crypto/min-secret-length.ts';
import type { LocalStores } from '../base/local-stores.ts';
import type { World } from '../base/world.ts';
import type { Report } from './finding.ts';
import type { Needs } from './needs.ts';

/** Secrets that the service takes for none, because they are too short to be one. */
export function checkSecrets(
  { secrets }: Needs,
  stores: LocalStores,
  env: World['env'],
  report: Report,
): void {
  for (const { where, store, name, isLong, without } of secrets) {
    const item = stores.secrets.get(store)?.get(name);
    const value = item?.value?.trim() ?? '';
    if (!isLong || value === '' || value.length >= MIN_SECRET_LENGTH) continue;
    const effect = without === null ? '' : `: ${without}`;
    report(
      'warning',
      'SECRET_TOO_SHORT',
      where,
      `The local ${name}${item?.file == null ? '' : ` (${item.file})`} has fewer than ${MIN_SECRET_LENGTH} characters, and counts as none${effect}.`,
      item?.file == null
        ? 'Write a longer one into fastly.toml: openssl rand -hex 32'
        : `Delete ${item.file}, and run \`claimcache check --fix\`, which makes another. In production: openssl rand -hex 32`,
    );
  }
  const given = env.CLAIMCACHE_OPERATOR_TOKEN?.trim() ?? '';
  if (given === '' || given.length >= MIN_SECRET_LENGTH) return;
  report(
    'warning',
    'SECRET_TOO_SHORT',
    'CLAIMCACHE_OPERATOR_TOKEN',
    `The token in the environment has fewer than ${MIN_SECRET_LENGTH} characters: no service takes it.`,
    'Set it, and the secret operator_token of the service, to a longer one: openssl rand -hex 32',
  );
}
