import type { Policy } from '../../src/policy/policy.ts';
import type { Route } from '../../src/policy/routes/route.ts';
import { entriesOf } from './entries.ts';

/** One line of the effective table. */
export interface RouteRow {
  readonly name: string;
  readonly path: string;
  /** Empty: all. */
  readonly hosts: readonly string[];
  /** Entries that a page may have by its variants; null: nothing is stored. */
  readonly entries: number | null;
  readonly lane: string;
  /** Methods of requests that are cached by their body. */
  readonly methods: readonly string[];
  readonly scope: string | null;
  readonly ttl: string;
  readonly stale: string;
  readonly otherwise: string;
  readonly origin: string;
}

/** What holds for each path after all defaults: the routes, the paths of the CMS, and what no route matches. */
export function routeTable(policy: Policy): readonly RouteRow[] {
  return [
    ...Array.from(policy.routes, rowOf),
    ...policy.cms.paths.map((path) => ({
      name: '(cms)',
      path,
      hosts: [],
      entries: null,
      lane: 'pass',
      methods: [],
      scope: null,
      ttl: 'never',
      stale: '',
      otherwise: 'scoped routes first',
      origin: 'by path',
    })),
    { ...rowOf(policy.fallback), ...FALLBACKS[policy.fallbackRule?.kind ?? 'public'] },
  ];
}

/** The pattern of each route, by the name that the log has of it. */
export function routePatterns(policy: Policy): Record<string, string> {
  return Object.fromEntries([...policy.routes, policy.fallback].map(({ name, path }) => [name, path]));
}

/** What the rule for paths that no route names makes of the public route that stands for them. */
const FALLBACKS: Readonly<Record<'public' | 'auto' | 'pass', Partial<RouteRow>>> = {
  public: {},
  auto: { lane: 'public (auto)', otherwise: 'unknown cookie or token: pass' },
  pass: { lane: 'pass', ttl: 'never', stale: '' },
};

function rowOf(route: Route): RouteRow {
  const { name, path, hosts, kind, scope, freshness, onMissing, onInvalid, origin, body } = route;
  const stored = kind === 'public' || kind === 'scoped';
  return {
    name,
    path,
    hosts,
    entries: stored ? entriesOf(route) : null,
    lane: kind === 'sensitive' ? 'scoped, never stored' : kind,
    methods: body?.methods ?? [],
    scope: scope === null ? null : `${scope.name}${scope.shared ? ' (shared)' : ''}`,
    ttl: stored ? ttlText(freshness.ttl) : 'never',
    stale: stored ? staleText(freshness) : '',
    otherwise: scope === null ? '' : `missing: ${onMissing}, invalid: ${onInvalid}`,
    origin: origin?.name ?? 'by path',
  };
}

function ttlText({ defaultSeconds, minSeconds, maxSeconds }: Route['freshness']['ttl']): string {
  const parts = [
    ...(minSeconds > 0 ? [`at least ${minSeconds}`] : []),
    ...(maxSeconds < 31_536_000 ? [`at most ${maxSeconds}`] : []),
    ...(defaultSeconds === null ? [] : [`else ${defaultSeconds}`]),
  ];
  return ["the origin's", ...parts].join(', ');
}

function staleText({
  staleWhileRevalidateSeconds: revalidate,
  staleIfErrorSeconds: ifError,
}: Route['freshness']): string {
  const parts = [
    ...(revalidate === null ? [] : [`${revalidate} while revalidated`]),
    ...(ifError === null ? [] : [`${ifError} if error`]),
  ];
  return parts.length === 0 ? "the origin's" : parts.join(', ');
}
