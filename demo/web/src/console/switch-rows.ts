/** A switch as it is, and what it may be. */
export interface SwitchRow {
  /** Of the Config Store. */
  readonly item: string;
  readonly name: string;
  /** 'on': the item is not there, or says nothing. */
  readonly value: string;
  readonly values: readonly string[];
}

/** Of `GET /.edge/status`, what is read here. */
export interface ServiceSwitches {
  readonly cache: string;
  readonly keyVersion: string;
  readonly lanes: Readonly<Record<string, string>>;
  readonly routes: Readonly<Record<string, string>>;
}

const CHOICES = ['on', 'pass', 'observe'];

/** The switches of a service: of everything, of the lanes, of each route that is known by name. */
export function switchRows(switches: ServiceSwitches, routes: readonly string[]): SwitchRow[] {
  const { cache, lanes } = switches;
  const names = [...new Set([...routes, ...Object.keys(switches.routes)])];
  return [
    { item: 'cache', name: 'Everything', value: cache, values: ['on', 'pass'] },
    ...['scoped', 'public'].map((lane) => ({
      item: `lane.${lane}`,
      name: `Lane ${lane}`,
      value: lanes[lane] ?? 'on',
      values: CHOICES,
    })),
    ...names.map((route) => ({
      item: `route.${route}`,
      name: `Route ${route}`,
      value: switches.routes[route] ?? 'on',
      values: CHOICES,
    })),
  ];
}

export function readSwitches(content: unknown): ServiceSwitches | null {
  const { switches } = (content ?? {}) as { switches?: Partial<ServiceSwitches> };
  const { cache, keyVersion, lanes, routes } = switches ?? {};
  if (typeof cache !== 'string' || typeof lanes !== 'object' || typeof routes !== 'object') return null;
  return { cache, keyVersion: keyVersion ?? '', lanes, routes };
}

/** What a change of a switch does, before it is made. */
export function effectOf(item: string, value: string): string {
  if (item === 'key_version')
    return 'All that is stored is out of reach at once. The origin gets every page anew, all of them in a short time.';
  const what =
    item === 'cache'
      ? 'Nothing'
      : item.startsWith('lane.')
        ? 'Nothing of this lane'
        : 'Nothing of this route';
  if (value === 'pass') return `${what} is cached or served from the cache. Tokens are verified as before.`;
  if (value === 'observe')
    return `${what} is cached or served from the cache, and nobody is refused. The log says what would have been done.`;
  return 'The item is removed, and the policy holds.';
}

/** A switch is on where its item is not there; a key version is a text, whatever it says. */
export function isRemoval(item: string, value: string): boolean {
  return value === 'on' && item !== 'key_version';
}

/** How the same is done by hand. */
export function switchCommand(item: string, value: string): string {
  return isRemoval(item, value)
    ? `fastly config-store-entry delete --store-id=$STORE --key=${item}`
    : `fastly config-store-entry update --upsert --store-id=$STORE --key=${item} --value=${value}`;
}
