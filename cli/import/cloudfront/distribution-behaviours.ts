import type { Answers } from '../draft.ts';
import { badSource, descend, itemsOf, member, type Tree, textAt } from '../source-tree.ts';
import { type Behaviour, readBehaviour } from './behaviour.ts';
import type { CachePolicy } from './managed-policies.ts';
import { type GivenPolicies, readCachePolicy } from './read-policies.ts';

/** A `CachePolicyConfig` alone counts as the one behaviour of a distribution. */
export function configOf(tree: Tree): Tree | null {
  if (tree.kind !== 'object') return null;
  const config =
    descend(tree, 'DistributionConfig') ?? descend(tree, 'Distribution', 'DistributionConfig') ?? tree;
  const isOne = ['DefaultCacheBehavior', 'ParametersInCacheKeyAndForwardedToOrigin'].some(
    (name) => member(config, name) !== undefined,
  );
  if (isOne) return config;
  const policy = descend(tree, 'CachePolicy', 'CachePolicyConfig');
  return policy ?? null;
}

export function behavioursOf(config: Tree, policies: GivenPolicies, answers: Answers): readonly Behaviour[] {
  const fallback = member(config, 'DefaultCacheBehavior');
  if (fallback === undefined) return [bare(config, readCachePolicy(config), answers.path ?? '*')];
  const listed = itemsOf(descend(config, 'CacheBehaviors', 'Items')).map((tree) => {
    const glob = textAt(tree, 'PathPattern');
    if (glob === undefined || glob.length > 255)
      throw badSource(tree.at, 'a PathPattern of up to 255 characters is expected.');
    return readBehaviour(tree, glob, policies);
  });
  if (listed.length > 250) throw badSource(config.at, 'more than 250 behaviours.');
  return [...listed, readBehaviour(fallback, '*', policies)];
}

function bare(tree: Tree, cache: CachePolicy, path: string): Behaviour {
  const glob = path.replace('**', '*');
  return {
    glob,
    line: tree.at.line,
    tree,
    originId: '',
    cache,
    request: null,
    protocol: 'allow-all',
    methods: [],
    compress: undefined,
    functions: [],
    needsSignature: false,
  };
}
