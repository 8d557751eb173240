import { randomBytes } from 'node:crypto';
import { includesName } from '../../src/http/name-pattern.ts';
import { hasParameter } from '../../src/http/query-parameter.ts';
import { normalPath } from '../../src/paths/normal-path.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Router } from '../../src/routing/router.ts';
import { CliError } from '../base/cli-error.ts';
import type { Target } from './types.ts';

const PARAMETER = 'claimcache_audit';

export interface Targets {
  readonly targets: readonly Target[];
  /** Patterns of routes that no path leads to. */
  readonly unaudited: readonly string[];
}

/**
 * What is audited on a host: every route of the policy whose pattern is a path, and the paths that were named.
 *
 * @throws {CliError} CLI_USAGE where a path is none.
 */
export function targetsOf(policy: Policy, router: Router, paths: readonly string[], host = ''): Targets {
  const literal = [...policy.routes]
    // A GraphQL endpoint without a query is none.
    .flatMap(({ path, graphql, hosts }) =>
      graphql === null && (hosts.length === 0 || router.match(path, host).hosts === hosts) ? [path] : [],
    )
    .filter((path) => !/[:*]/.test(path));
  const targets = [...new Set([...literal, ...paths])].map((path) => targetOf(policy, router, path, host));
  const reached = new Set(targets.map(({ route }) => route));
  return {
    targets,
    unaudited: [...policy.routes].filter((route) => !reached.has(route)).map(({ path }) => path),
  };
}

function targetOf(policy: Policy, router: Router, path: string, host: string): Target {
  if (!/^\/[\x21\x24-\x7e]*$/.test(path.replace(/%[0-9a-f]{2}/gi, '_'))) {
    throw new CliError(
      'CLI_USAGE',
      'A path is none.',
      'It begins with "/", and is percent-encoded: /pages/welcome',
    );
  }
  const [bare = path, query = ''] = path.split(/\?(.*)/s);
  const { route, isLookalike, isCmsPath } = router.resolve(normalPath(bare), host);
  if (route.graphql !== null && !isQuery(path)) {
    throw new CliError(
      'CLI_USAGE',
      `The path of the route "${route.name}" holds no GraphQL query.`,
      `Only queries are asked, by GET: ${bare}?query=%7Bme%7Bid%7D%7D`,
    );
  }
  const isPreview = policy.cms.query !== null && hasParameter(query, policy.cms.query);
  const isCms = route.scope === null && (isCmsPath || isPreview);
  // What an origin may take for a path of other rules is verified, and never kept; a preview neither.
  const kind = (isLookalike || isPreview) && route.scope !== null ? 'sensitive' : route.kind;
  return { path, route, kind: isCms ? 'cms' : kind, canBeFresh: countsQuery(policy, route.query.kind) };
}

/** By its beginning: an audit changes nothing, and an origin may be so careless as to execute mutations by GET. */
function isQuery(path: string): boolean {
  const text = new URLSearchParams(path.slice(path.indexOf('?') + 1)).get('query') ?? '';
  return /^[\s,]*(?:query\b|\{)/.test(text) && !/\b(?:mutation|subscription)\b/.test(text);
}

function countsQuery({ ignoreQuery }: Policy, kind: Target['route']['query']['kind']): boolean {
  return kind === 'verbatim' || (kind === 'all' && !includesName(ignoreQuery, PARAMETER));
}

/** The target with a query that nobody has ever sent. */
export function freshPath({ path }: Target): string {
  return `${path}${path.includes('?') ? '&' : '?'}${PARAMETER}=${randomBytes(9).toString('hex')}`;
}

/** A page without the query that was made up for it, which some pages repeat: so that two copies of one page are equal. */
export function withoutNonce(text: string): string {
  return text.replace(/claimcache_audit(?:=|%3[dD])[0-9a-f]{18}/g, PARAMETER);
}
