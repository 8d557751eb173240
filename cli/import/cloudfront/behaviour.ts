import { descend, flagAt, itemsOf, member, secondsAt, type Tree, textAt, textsOf } from '../source-tree.ts';
import type { CachePolicy, Names, RequestPolicy } from './managed-policies.ts';
import { cachePolicyOf, type GivenPolicies, requestPolicyOf } from './read-policies.ts';

/** A cache behaviour, whichever way it was written. */
export interface Behaviour {
  readonly glob: string;
  readonly line: number;
  readonly tree: Tree;
  readonly originId: string;
  /** What counts in the key, and for how long an answer is kept. */
  readonly cache: CachePolicy;
  /** What the origin gets beside that; null: nothing. */
  readonly request: RequestPolicy | null;
  readonly protocol: string;
  readonly methods: readonly string[];
  /** undefined: the source does not say it. */
  readonly compress: boolean | undefined;
  /** Names of functions that run before the cache or behind it. */
  readonly functions: readonly string[];
  readonly needsSignature: boolean;
}

export function readBehaviour(tree: Tree, glob: string, policies: GivenPolicies): Behaviour {
  const cacheId = member(tree, 'CachePolicyId');
  const requestId = member(tree, 'OriginRequestPolicyId');
  const functions = [
    ...itemsOf(descend(tree, 'FunctionAssociations', 'Items')).map((item) => described(item, 'FunctionARN')),
    ...itemsOf(descend(tree, 'LambdaFunctionAssociations', 'Items')).map((item) =>
      described(item, 'LambdaFunctionARN'),
    ),
  ];
  return {
    glob,
    line: tree.at.line,
    tree,
    originId: textAt(tree, 'TargetOriginId') ?? '',
    cache:
      cacheId === undefined
        ? ofForwardedValues(tree)
        : cachePolicyOf(textAt(tree, 'CachePolicyId') ?? '', policies, cacheId),
    request:
      requestId === undefined
        ? null
        : requestPolicyOf(textAt(tree, 'OriginRequestPolicyId') ?? '', policies, requestId),
    protocol: textAt(tree, 'ViewerProtocolPolicy') ?? 'allow-all',
    methods: textsOf(descend(tree, 'AllowedMethods', 'Items')),
    compress: flagAt(tree, 'Compress'),
    functions,
    needsSignature: ['TrustedSigners', 'TrustedKeyGroups'].some(
      (name) => flagAt(tree, name, 'Enabled') === true,
    ),
  };
}

function described(item: Tree, name: string): string {
  const arn = textAt(item, name) ?? 'a function';
  return `${textAt(item, 'EventType') ?? 'event'} ${arn.slice(0, 120)}`;
}

/** The old way: one list for the key and the origin. */
function ofForwardedValues(tree: Tree): CachePolicy {
  const values = member(tree, 'ForwardedValues');
  const headers = textsOf(descend(values, 'Headers', 'Items'));
  const minSeconds = secondsAt(tree, 'MinTTL') ?? 0;
  const defaultSeconds = Math.max(minSeconds, secondsAt(tree, 'DefaultTTL') ?? 86_400);
  const forward = textAt(values, 'Cookies', 'Forward') ?? 'none';
  const cookieNames = textsOf(descend(values, 'Cookies', 'WhitelistedNames', 'Items'));
  const keys = textsOf(descend(values, 'QueryStringCacheKeys', 'Items'));
  const isForwarded = flagAt(values, 'QueryString') ?? false;
  const query: Names = !isForwarded
    ? { mode: 'none' }
    : keys.length > 0 && !keys.includes('*')
      ? { mode: 'some', names: keys }
      : { mode: 'all' };
  // All headers in the key means for CloudFront that nothing is kept.
  const isOff = headers.includes('*');
  return {
    name: isOff ? 'ForwardedValues with all headers' : 'ForwardedValues',
    minSeconds: isOff ? 0 : minSeconds,
    defaultSeconds: isOff ? 0 : defaultSeconds,
    maxSeconds: isOff ? 0 : Math.max(defaultSeconds, secondsAt(tree, 'MaxTTL') ?? 31_536_000),
    headers: headers.filter((name) => name !== '*'),
    cookies:
      forward === 'all' || (forward === 'whitelist' && cookieNames.includes('*'))
        ? { mode: 'all' }
        : forward === 'whitelist'
          ? { mode: 'some', names: cookieNames }
          : { mode: 'none' },
    query,
  };
}
