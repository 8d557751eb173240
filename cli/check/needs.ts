import type { Policy } from '../../src/policy/policy.ts';

/** Something that a policy names, and that has to be there beside it. */
export interface Need {
  /** Such as `origins.app.backend`. */
  readonly where: string;
  readonly name: string;
}

export interface ItemNeed extends Need {
  readonly store: string;
  /** What happens without it, where the service runs on all the same; null: it does not. */
  readonly without: string | null;
  /** A short one counts as none. */
  readonly isLong?: boolean;
}

/** All that a policy needs of fastly.toml. */
export interface Needs {
  readonly backends: readonly Need[];
  readonly secrets: readonly ItemNeed[];
  readonly configs: readonly ItemNeed[];
  readonly configStore: Need;
  readonly kvStores: readonly Need[];
  readonly logEndpoint: Need;
}

export function needsOf(policy: Policy): Needs {
  const { origins, providers, scopes, stores, revocation, logEndpoint, cms, purgeHooks } = policy;
  const backends: Need[] = origins.map(({ name, backend }) => ({ where: `origins.${name}`, name: backend }));
  const secrets: ItemNeed[] = [];
  const configs: ItemNeed[] = [];
  for (const { name, keys, lookup } of providers) {
    if (lookup !== null) {
      const where = `providers.${name}.${lookup.kind}`;
      backends.push({ where, name: lookup.backend });
      const { client } = lookup;
      if (client !== null) secrets.push({ where, name: client.item, store: client.store, without: null });
    }
    const where = `providers.${name}.keys`;
    if (keys.kind === 'remote') backends.push({ where, name: keys.backend });
    if (keys.kind === 'secretStore')
      secrets.push({ where, name: keys.item, store: keys.store, without: null });
    if (keys.kind === 'configStore')
      configs.push({ where, name: keys.item, store: keys.store, without: null });
  }
  for (const { name, lock } of origins) {
    if (lock !== null)
      secrets.push({ where: `origins.${name}.lock`, name: lock.item, store: lock.store, without: null });
  }
  for (const { name, shield } of origins) {
    if (shield?.kind === 'backend') backends.push({ where: `origins.${name}.shield`, name: shield.backend });
  }
  if (origins.some(({ shield }) => shield !== null)) {
    secrets.push({
      where: 'the shields',
      name: 'shield_key',
      store: stores.secrets,
      without: 'no shield is asked, and none believes the edge',
      isLong: true,
    });
  }
  for (const [name, rule] of cms.sessions) {
    if (rule.kind === 'hmac')
      secrets.push({
        where: `cms.cookies, ${name}`,
        name: rule.item,
        store: rule.store,
        without: 'nobody who sends the cookie is taken for an editor',
        isLong: true,
      });
  }
  for (const { name, item, store } of purgeHooks.values()) {
    secrets.push({
      where: `purgeHooks.${name}`,
      name: item,
      store,
      without: 'each of its deliveries gets a 401, and purges nothing',
      isLong: true,
    });
  }
  secrets.push({
    where: 'the operator',
    name: 'operator_token',
    store: stores.secrets,
    without: 'the endpoints under /.edge/ are off',
    isLong: true,
  });
  if (scopes.size > 0) {
    secrets.push({
      where: 'the leak guard',
      name: 'fingerprint_key',
      store: stores.secrets,
      without: providers.some(({ lookup }) => lookup !== null)
        ? 'nobody is asked about sessions and opaque tokens: their routes answer 503'
        : 'the guard of every hit has no key of its own, and the log no fingerprint',
    });
  }
  return {
    backends,
    secrets,
    configs,
    configStore: { where: 'the switches', name: stores.config },
    kvStores: revocation === null ? [] : [{ where: 'revocation.store', name: revocation.store }],
    logEndpoint: { where: 'logEndpoint', name: logEndpoint },
  };
}
