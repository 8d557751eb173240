import type { OriginInput } from '../../../src/policy/origins.ts';
import type { Answers, Draft, FoundSecret, Imported, Note } from '../draft.ts';
import { nameOf } from '../name-of.ts';
import { orderedRoutes } from '../ordered-routes.ts';
import { openQuestions, providerOf } from '../provider.ts';
import type { Rule, Treatment } from '../rules.ts';
import { badSource, descend, flagAt, itemsOf, member, secondsAt, type Tree, textAt } from '../source-tree.ts';
import { type Behaviour, readBehaviour } from './behaviour.ts';
import type { CachePolicy } from './managed-policies.ts';
import { distributionNotes } from './other-settings.ts';
import { type GivenPolicies, readCachePolicy, readPolicies } from './read-policies.ts';
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

/** A `CachePolicyConfig` alone counts as the one behaviour of a distribution. */
function configOf(tree: Tree): Tree | null {
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

function behavioursOf(config: Tree, policies: GivenPolicies, answers: Answers): readonly Behaviour[] {
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

/** Origins by their identifiers, that of the default behaviour first: it has what no other claims. */
function originsOf(
  config: Tree,
  ids: readonly string[],
  behaviours: readonly Behaviour[],
  notes: Note[],
  secrets: FoundSecret[],
): Readonly<Record<string, OriginInput>> {
  const items = itemsOf(descend(config, 'Origins', 'Items'));
  const groups = itemsOf(descend(config, 'OriginGroups', 'Items'));
  const origins: Record<string, OriginInput> = {};
  for (const id of ids) {
    const group = groups.find((item) => textAt(item, 'Id') === id);
    const first = textAt(itemsOf(descend(group, 'Members', 'Items'))[0], 'OriginId') ?? id;
    if (group !== undefined)
      notes.push({
        kind: 'not-carried',
        line: group.at.line,
        text: `the failover of the origin group ${short(id)}: its first origin alone is asked.`,
      });
    const item = items.find((origin) => textAt(origin, 'Id') === first);
    const name = ids.length === 1 ? 'app' : nameOf(first, Object.keys(origins), 'origin');
    const domain = textAt(item, 'DomainName');
    const backend = ids.length === 1 ? 'origin' : name;
    const keepsHost = behaviours.filter(({ originId }) => originId === id).some(getsHost);
    const lock = lockOf(item, notes, secrets);
    origins[name] = {
      backend,
      ...(domain === undefined || keepsHost || !/^[A-Za-z0-9.-]+$/.test(domain)
        ? {}
        : { hostHeader: domain }),
      ...lock,
    };
    if (item === undefined) continue;
    notes.push({
      kind: 'done',
      line: item.at.line,
      text: `origin ${short(id)}: the backend "${backend}" of fastly.toml, at ${short(domain ?? '?')}.`,
    });
    if ((textAt(item, 'OriginPath') ?? '') !== '')
      notes.push({
        kind: 'not-carried',
        line: item.at.line,
        text: `OriginPath ${short(textAt(item, 'OriginPath') ?? '')}: the origin gets the path as the client asked for it.`,
      });
    if (member(item, 'S3OriginConfig') !== undefined)
      notes.push({
        kind: 'not-carried',
        line: item.at.line,
        text: `origin ${short(id)} is a bucket of S3: CloudFront's access to it does not come along. Let the backend reach it, or put a server before it.`,
      });
    if (flagAt(item, 'OriginShield', 'Enabled'))
      notes.push({
        kind: 'not-carried',
        line: item.at.line,
        text: `the shield of origin ${short(id)}: docs/shielding.md.`,
      });
  }
  return origins;
}

function getsHost({ cache, request }: Behaviour): boolean {
  if (cache.headers.some((name) => name.toLowerCase() === 'host')) return true;
  if (request === null) return false;
  const { headers } = request;
  if (headers.mode === 'all') return true;
  if (!('names' in headers)) return false;
  const has = headers.names.some((name) => name.toLowerCase() === 'host');
  return headers.mode === 'allExcept' ? !has : has;
}

/** The first header that CloudFront adds for its origin: what such headers are for is that nobody else can. */
function lockOf(
  item: Tree | undefined,
  notes: Note[],
  secrets: FoundSecret[],
): { lock?: { header: string; item: string } } {
  const [first, ...more] = itemsOf(descend(item, 'CustomHeaders', 'Items'));
  for (const header of more)
    notes.push({
      kind: 'not-carried',
      line: header.at.line,
      text: `the header ${short(textAt(header, 'HeaderName') ?? '')} for the origin: one header locks an origin here.`,
    });
  const header = textAt(first, 'HeaderName')?.toLowerCase();
  if (first === undefined || header === undefined || !/^[a-z0-9-]{1,64}$/.test(header)) return {};
  const secret = secrets.length === 0 ? 'origin_secret' : `origin_secret_${secrets.length + 1}`;
  secrets.push({ item: secret, value: textAt(first, 'HeaderValue') ?? null, line: first.at.line });
  notes.push({
    kind: 'done',
    line: first.at.line,
    text: `the header ${header} for the origin is its lock; the value is the secret ${secret}.`,
  });
  return { lock: { header, item: secret } };
}

/** Access rules that no policy has. A route that they stood before must not be reached without them. */
function guardOf({ functions, needsSignature }: Behaviour, { without }: Answers): string | undefined {
  if (needsSignature && !without.has('signatures'))
    return 'signed URLs or cookies were asked for here, and nothing of a policy checks them. Protect the paths by a scope or at the origin; if that is done, import with --without signatures.';
  const before = functions.filter((text) => /^viewer-request/.test(text));
  if (before.length > 0 && !without.has('functions'))
    return `a function ran before the cache here (${before.join(', ')}). If it decided who may see these pages or rewrote their URLs, do that in handlers.ts or at the origin; if that is done, import with --without functions.`;
  return undefined;
}

function besideTheKey({ glob, line, methods, functions }: Behaviour): readonly Note[] {
  const notes: Note[] = functions.map((text) => ({
    kind: 'not-carried',
    line,
    text: `${glob}: the function at ${text}.`,
  }));
  if (methods.length > 0 && !methods.includes('POST'))
    notes.push({
      kind: 'changed',
      line,
      text: `${glob}: CloudFront refused POST, PUT, PATCH and DELETE; here they pass to the origin.`,
    });
  return notes;
}

function httpsOf(behaviours: readonly Behaviour[], notes: Note[]): 'redirect' | 'require' | undefined {
  const said = new Set(behaviours.map(({ protocol }) => protocol));
  const line = behaviours.at(-1)?.line ?? 0;
  if (said.size === 1 && said.has('https-only')) {
    notes.push({ kind: 'done', line, text: 'https-only: https: require.' });
    return 'require';
  }
  if (said.has('redirect-to-https') || said.has('https-only')) {
    notes.push({
      kind: said.size === 1 ? 'done' : 'changed',
      line,
      text:
        said.size === 1
          ? 'redirect-to-https: https: redirect.'
          : 'https: redirect holds for all paths; some behaviours took plain HTTP, or refused it.',
    });
    return 'redirect';
  }
  return undefined;
}

/** For how long errors are kept: the smallest that is said for a status. */
function negativeTtl(config: Tree): Readonly<Record<number, number>> | null {
  const found: Record<number, number> = {};
  for (const item of itemsOf(descend(config, 'CustomErrorResponses', 'Items'))) {
    const code = secondsAt(item, 'ErrorCode');
    const ttl = secondsAt(item, 'ErrorCachingMinTTL');
    if (code !== undefined && ttl !== undefined && ttl > 0 && code >= 400 && code <= 599) found[code] = ttl;
  }
  return Object.keys(found).length === 0 ? null : found;
}

function short(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
