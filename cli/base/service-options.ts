import type { Command } from 'commander';
import { LOCAL_DEFAULT } from './operator.ts';

/** The options of a command that acts on a service: which one it is, and by which policy. */
export function withServiceOptions(command: Command): Command {
  return command
    .option('--local [url]', `the service's own endpoint instead of Fastly's API (${LOCAL_DEFAULT})`)
    .option('--service-id <id>', 'default: FASTLY_SERVICE_ID, then fastly.toml')
    .option('--policy <file>', 'default: src/policy.ts of the service');
}
