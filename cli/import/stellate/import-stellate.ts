import type { Answers, Draft, DraftRoute, FoundSecret, Imported, Note } from '../draft.ts';
import { openQuestions } from '../provider.ts';
import { badSource, flagAt, member, type Tree, textAt } from '../source-tree.ts';
import { endpointScope, identitiesOf } from './identities.ts';
import { otherSettings, readRules } from './rules.ts';
import { readScopes } from './scopes.ts';

/** A policy from a configuration of Stellate: one route with `graphql`, whose scope is as narrow as the narrowest rule. */
export function importStellate(tree: Tree, answers: Answers): Imported {
  const config = member(tree, 'config') ?? tree;
  if (config.kind !== 'object') throw badSource(config.at, 'the configuration of Stellate is an object.');
  const notes: Note[] = [];
  const secrets: FoundSecret[] = [];
  const url = originOf(config);
  const rules = readRules(config, notes);
  const known = readScopes(config);
  for (const name of rules.scopes) {
    if (!known.some((scope) => scope.name === name))
      throw badSource(
        config.at,
        `a rule names the scope ${JSON.stringify(name.slice(0, 60))}, which scopes does not have.`,
      );
  }
  const used = known.filter(({ name }) => rules.scopes.includes(name));
  for (const scope of known.filter((one) => !used.includes(one)))
    notes.push({
      kind: 'done',
      line: scope.line,
      text: `the scope ${scope.name}: no rule asks for it, left out.`,
    });
  const identities = identitiesOf(used, answers, notes, secrets);
  const scope = endpointScope(identities, notes);
  const isOff = flagAt(config, 'passThroughOnly') === true;
  if (isOff) notes.push({ kind: 'done', line: config.at.line, text: 'passThroughOnly: lane pass.' });

  const graphql: DraftRoute = {
    path: url.pathname,
    ...(scope === null || isOff
      ? { lane: isOff || (scope === null && used.length > 0) ? ('pass' as const) : ('public' as const) }
      : { scope, onMissing: 'public' as const, onInvalid: 'pass' as const }),
    ...(isOff || (scope === null && used.length > 0)
      ? {}
      : {
          ...(rules.ttlSeconds === undefined ? {} : { ttlSeconds: rules.ttlSeconds }),
          ...(rules.swrSeconds === undefined ? {} : { staleWhileRevalidateSeconds: rules.swrSeconds }),
          graphql: rules.graphql,
        }),
  };
  if (scope !== null && !isOff) {
    notes.push({
      kind: 'changed',
      line: 0,
      text: `the whole endpoint has the scope ${scope}. Stellate took the scope from the types of a query, so that public types were shared between people who are signed in.`,
    });
    notes.push({
      kind: 'done',
      line: 0,
      text: 'without a token the lane is public, as Stellate keeps one entry for all who send none; a token that does not verify passes.',
    });
  }
  notes.push({
    kind: 'changed',
    line: config.at.line,
    text: `clients ask the new service for ${url.pathname}, the path of originUrl.`,
  });
  const draft: Draft = {
    origins: { api: { backend: 'origin', hostHeader: url.host, ...lockOf(config, notes, secrets) } },
    ...(Object.keys(identities.providers).length > 0 && scope !== null
      ? { providers: identities.providers }
      : {}),
    ...(scope !== null ? { scopes: identities.scopes } : {}),
    routes: { graphql },
  };
  const open = scope === null ? [] : Object.values(identities.providers).flatMap(openQuestions);
  return {
    draft,
    notes: [
      ...notes,
      ...otherSettings(config),
      ...open.map((text): Note => ({ kind: 'todo', line: 0, text })),
    ],
    secrets,
    comments: new Map([
      ['graphql', `originUrl, line ${member(config, 'originUrl')?.at.line ?? config.at.line}`],
      ['everything', 'no path of Stellate'],
    ]),
  };
}

function originOf(config: Tree): URL {
  const text = textAt(config, 'originUrl');
  const place = member(config, 'originUrl') ?? config;
  try {
    const url = new URL(text ?? '');
    if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
      throw new TypeError('protocol');
    return url;
  } catch {
    throw badSource(
      place.at,
      'originUrl is the URL of the origin, http: or https:, without user and password.',
    );
  }
}

/** The headers for the origin, where they are sent to it. */
function lockOf(
  config: Tree,
  notes: Note[],
  secrets: FoundSecret[],
): { lock?: { header: string; item: string } } {
  const headers = member(config, 'headers');
  if (headers?.kind !== 'object' || flagAt(config, 'injectHeaders') !== true) return {};
  const [first, ...more] = [...headers.entries];
  for (const [name, { at }] of more)
    notes.push({
      kind: 'not-carried',
      line: at.line,
      text: `the header ${name.slice(0, 60)} for the origin: one header locks an origin here.`,
    });
  const [name, tree] = first ?? [];
  const header = name?.toLowerCase() ?? '';
  if (
    tree === undefined ||
    !/^[a-z0-9-]{1,64}$/.test(header) ||
    ['authorization', 'cookie', 'host'].includes(header)
  )
    return {};
  secrets.push({
    item: 'origin_secret',
    value: tree.kind === 'scalar' ? String(tree.value) : null,
    line: tree.at.line,
  });
  notes.push({
    kind: 'done',
    line: tree.at.line,
    text: `the header ${header} for the origin is its lock; the value is the secret origin_secret.`,
  });
  return { lock: { header, item: 'origin_secret' } };
}
