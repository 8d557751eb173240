import type { ReadonlyFields } from '../http/fields.ts';
import type { BackendHealth, Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import { isOperator } from './authorize.ts';

interface Health {
  readonly status: 'ok';
  /** Names are internals: the operator's alone. */
  readonly backends?: Readonly<Record<string, BackendHealth>>;
}

/**
 * What `GET /.edge/health` says: that the service runs, whatever its origins do, or a load balancer would take the edge
 * out because an origin burns. With the operator's token also what Fastly's health checks say of each backend. Nobody is
 * asked over the network, and a wrong token changes nothing.
 */
export async function healthOf(headers: ReadonlyFields, policy: Policy, platform: Platform): Promise<Health> {
  if (!headers.has('authorization') || !(await asksTheOperator(headers, policy, platform))) {
    return { status: 'ok' };
  }
  const names = new Set<string>();
  for (const { backend, shield } of policy.origins) {
    names.add(backend);
    if (shield?.kind === 'backend') names.add(shield.backend);
  }
  for (const { keys, lookup } of policy.providers) {
    if (keys.kind === 'remote') names.add(keys.backend);
    if (lookup !== null) names.add(lookup.backend);
  }
  return {
    status: 'ok',
    backends: Object.fromEntries([...names].map((name) => [name, platform.backendHealth(name)])),
  };
}

/** A Secret Store that is down must not make the service look down. */
async function asksTheOperator(
  headers: ReadonlyFields,
  policy: Policy,
  platform: Platform,
): Promise<boolean> {
  try {
    return isOperator(headers, await platform.secret(policy.stores.secrets, 'operator_token'));
  } catch {
    return false;
  }
}
