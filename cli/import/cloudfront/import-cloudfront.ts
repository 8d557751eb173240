import type { Answers, Draft, FoundSecret, Imported, Note } from '../draft.ts';
import { orderedRoutes } from '../ordered-routes.ts';
import { openQuestions, providerOf } from '../provider.ts';
import type { Rule, Treatment } from '../rules.ts';
import { badSource, type Tree } from '../source-tree.ts';
import { besideTheKey, guardOf, httpsOf, negativeTtl } from './behaviour-notes.ts';
import { behavioursOf, configOf } from './distribution-behaviours.ts';
import { originsOf } from './distribution-origins.ts';
import { distributionNotes } from './other-settings.ts';
import { readPolicies } from './read-policies.ts';
import { treat } from './treat.ts';

/** A distribution, or one cache policy alone: `get-distribution-config`, `get-distribution`, a `CachePolicyConfig`. */
export function isCloudFront(tree: Tree): boolean {
  return tree.kind === 'object' && configOf(tree) !== null;
}

/**
 * A policy from a CloudFront distribution.
 *
 * @param beside - Files with cache policies and origin request policies.
 */
export function importCloudFront(tree: Tree, beside: readonly Tree[], answers: Answers): Imported {
  const policies = readPolicies(beside);
  const config = configOf(tree);
  if (config === null)
    throw badSource(
      tree.at,
      'a DistributionConfig is expected, as `aws cloudfront get-distribution-config` prints it.',
    );
  const behaviours = behavioursOf(config, policies, answers);
  const notes: Note[] = [];
  const secrets: FoundSecret[] = [];
  const ids = [...new Set([...behaviours].reverse().map(({ originId }) => originId))];
  const origins = originsOf(config, ids, behaviours, notes, secrets);
  const named = new Map(ids.map((id, i) => [id, Object.keys(origins)[i] ?? 'app']));

  const rules: Rule[] = [];
  let isUndecided = false;
  for (const behaviour of behaviours) {
    const origin = ids.length > 1 ? named.get(behaviour.originId) : undefined;
    const treated = treat(behaviour, origin, answers);
    notes.push(...treated.notes, ...besideTheKey(behaviour));
    const guard = guardOf(behaviour, answers);
    if (guard !== undefined)
      notes.push({ kind: 'todo', line: behaviour.line, text: `${behaviour.glob}: ${guard}` });
    isUndecided ||= treated.treatment === null;
    // What is left goes by the policy's fallback. Beside other routes, or to an origin of its own, it passes: another route could win there.
    if (treated.treatment === null && behaviour.glob === '*' && origin === undefined) continue;
    const treatment: Treatment =
      treated.treatment ?? (origin === undefined ? { lane: 'pass' } : { lane: 'pass', origin });
    const negative = negativeTtl(config);
    const isStored = treatment.lane !== 'pass' && negative !== null;
    rules.push({
      glob: behaviour.glob,
      line: behaviour.line,
      treatment: isStored ? { ...treatment, negativeTtlSeconds: negative } : treatment,
      ...(guard === undefined ? {} : { guard }),
    });
  }
  const needsProvider = rules.some(({ treatment }) => treatment.scope !== undefined);
  const provider = providerOf(
    'idp',
    answers.tokenCookie === undefined
      ? {}
      : { credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: answers.tokenCookie }] },
    answers,
  );
  const https = httpsOf(behaviours, notes);
  const withRoutes = (routes: Draft['routes']): Draft => ({
    origins,
    ...(needsProvider
      ? { providers: { idp: provider }, scopes: { user: { claims: answers.claim ?? 'sub' } } }
      : {}),
    routes,
    ...(https === undefined ? {} : { https }),
  });
  const ordered = orderedRoutes(rules, { rule: 'behaviour', source: 'CloudFront' }, withRoutes);
  if (isUndecided)
    notes.push({
      kind: 'done',
      line: 0,
      text: 'paths whose answers may depend on cookies: nothing is kept of a request with one.',
    });
  if (needsProvider)
    notes.push(...openQuestions(provider).map((text): Note => ({ kind: 'todo', line: 0, text })));
  return {
    draft: withRoutes(ordered.routes),
    notes: [...notes, ...ordered.notes, ...distributionNotes(config)],
    secrets,
    comments: ordered.comments,
  };
}
