import { CliError } from '../../base/cli-error.ts';
import {
  badSource,
  descend,
  itemsOf,
  member,
  secondsAt,
  type Tree,
  textAt,
  textsOf,
} from '../source-tree.ts';
import {
  type CachePolicy,
  MANAGED_CACHE_POLICIES,
  MANAGED_REQUEST_POLICIES,
  type Names,
  type RequestPolicy,
} from './managed-policies.ts';

export interface GivenPolicies {
  readonly cache: ReadonlyMap<string, CachePolicy>;
  readonly request: ReadonlyMap<string, RequestPolicy>;
}

/** Policies beside a distribution, by identifier: what is given in files, and AWS's own. */
export function readPolicies(files: readonly Tree[]): GivenPolicies {
  const cache = new Map(MANAGED_CACHE_POLICIES);
  const request = new Map(MANAGED_REQUEST_POLICIES);
  for (const file of files) {
    for (const { kind, id, config } of policiesIn(file)) {
      if (kind === 'cache') cache.set(id, readCachePolicy(config));
      else request.set(id, readRequestPolicy(config));
    }
  }
  return { cache, request };
}

/** `get-cache-policy`, `list-cache-policies`, `get-origin-request-policy`, `list-origin-request-policies`. */
function policiesIn(file: Tree): { kind: 'cache' | 'request'; id: string; config: Tree }[] {
  const list = member(file, 'CachePolicyList') ?? member(file, 'OriginRequestPolicyList');
  const items = list === undefined ? [file] : itemsOf(member(list, 'Items'));
  return items.map((item) => {
    for (const [kind, name] of [
      ['cache', 'CachePolicy'],
      ['request', 'OriginRequestPolicy'],
    ] as const) {
      const policy = member(item, name);
      const id = textAt(policy, 'Id');
      const config = member(policy, `${name}Config`);
      if (id !== undefined && config !== undefined) return { kind, id, config };
    }
    throw badSource(
      item.at,
      'a CachePolicy or an OriginRequestPolicy with its Id is expected, as `aws cloudfront get-cache-policy` prints it.',
    );
  });
}

export function readCachePolicy(config: Tree): CachePolicy {
  const key = member(config, 'ParametersInCacheKeyAndForwardedToOrigin');
  const headers = namesOf(key, 'HeadersConfig', 'HeaderBehavior', 'Headers');
  if (headers.mode !== 'none' && headers.mode !== 'some')
    throw badSource((key ?? config).at, 'HeaderBehavior of a cache policy is none or whitelist.');
  const minSeconds = secondsAt(config, 'MinTTL') ?? 0;
  const defaultSeconds = secondsAt(config, 'DefaultTTL') ?? 86_400;
  return {
    name: textAt(config, 'Name') ?? 'cache policy',
    minSeconds,
    defaultSeconds: Math.max(minSeconds, defaultSeconds),
    maxSeconds: Math.max(minSeconds, defaultSeconds, secondsAt(config, 'MaxTTL') ?? 31_536_000),
    headers: headers.mode === 'some' ? headers.names : [],
    cookies: namesOf(key, 'CookiesConfig', 'CookieBehavior', 'Cookies'),
    query: namesOf(key, 'QueryStringsConfig', 'QueryStringBehavior', 'QueryStrings'),
  };
}

function readRequestPolicy(config: Tree): RequestPolicy {
  return {
    name: textAt(config, 'Name') ?? 'origin request policy',
    headers: namesOf(config, 'HeadersConfig', 'HeaderBehavior', 'Headers'),
    cookies: namesOf(config, 'CookiesConfig', 'CookieBehavior', 'Cookies'),
    query: namesOf(config, 'QueryStringsConfig', 'QueryStringBehavior', 'QueryStrings'),
  };
}

const MODES: Readonly<Record<string, Names['mode']>> = {
  none: 'none',
  all: 'all',
  allViewer: 'all',
  allViewerAndWhitelistCloudFront: 'all',
  whitelist: 'some',
  allExcept: 'allExcept',
};

function namesOf(tree: Tree | undefined, section: string, behaviour: string, list: string): Names {
  const config = descend(tree, section);
  const said = textAt(config, behaviour) ?? 'none';
  const mode = Object.hasOwn(MODES, said) ? MODES[said] : undefined;
  if (config === undefined) return { mode: 'none' };
  if (mode === undefined) throw badSource(config.at, `${behaviour} is ${Object.keys(MODES).join(', ')}.`);
  if (mode === 'none' || mode === 'all') return { mode };
  return { mode, names: textsOf(descend(config, list, 'Items')) };
}

/** @throws {CliError} CLI_INPUT that says how to get a policy that is neither given nor AWS's. */
export function cachePolicyOf(id: string, { cache }: GivenPolicies, place: Tree): CachePolicy {
  const policy = cache.get(id);
  if (policy !== undefined) return policy;
  throw missing('cache policy', id, 'get-cache-policy', '--cache-policy', place);
}

export function requestPolicyOf(id: string, { request }: GivenPolicies, place: Tree): RequestPolicy {
  const policy = request.get(id);
  if (policy !== undefined) return policy;
  throw missing('origin request policy', id, 'get-origin-request-policy', '--request-policy', place);
}

function missing(what: string, id: string, command: string, option: string, { at }: Tree): CliError {
  const shown = JSON.stringify(id.slice(0, 60));
  return new CliError(
    'CLI_INPUT',
    `${at.path} (line ${at.line}): the ${what} ${shown} is not one of AWS's own, and not given.`,
    `aws cloudfront ${command} --id ${/^[\w-]{1,60}$/.test(id) ? id : 'ID'} > policy.json, then add ${option} policy.json.`,
  );
}
