import type { Expression, Program } from 'acorn';
import type { CredentialInput } from '../../../src/policy/providers/credential-sources.ts';
import type { Answers, Draft, DraftRoute, Imported, Note } from '../draft.ts';
import { nameOf } from '../name-of.ts';
import { openQuestions, providerOf } from '../provider.ts';
import { itemsOf, member, type Tree, textAt } from '../source-tree.ts';
import { constantsOf, staticValue } from '../static-value.ts';
import { coverOf, publicFile } from './matcher.ts';
import { readSessionCode, type SessionCode } from './session-code.ts';

/** What App Router tells its own requests apart by. */
const ROUTER_HEADERS = ['rsc', 'next-router-state-tree', 'next-router-prefetch', 'next-url'];

/** `middleware.ts`, or `proxy.ts` of Next.js 16: a default export, or a function of that name, or a matcher. */
export function isNextJs(program: Program): boolean {
  return program.body.some(
    (statement) =>
      (statement.type === 'ImportDeclaration' && /^next(?:\/|-|$)/.test(String(statement.source.value))) ||
      (statement.type === 'ExportNamedDeclaration' &&
        statement.declaration?.type === 'FunctionDeclaration' &&
        /^(?:middleware|proxy)$/.test(statement.declaration.id.name)) ||
      configOf(statement) !== null,
  );
}

/** A policy that covers at least what a middleware of Next.js does: by a scope where the session is a JWT, else by a pass. */
export function importNextJs(program: Program, text: string, answers: Answers): Imported {
  const notes: Note[] = [];
  const code = readSessionCode(program, text);
  const matchers = matchersOf(program, text, notes);
  const facts = jwtFacts(code, answers, notes);
  const provider = facts === null ? null : providerOf('site', facts, answers);
  const covered: Omit<DraftRoute, 'path'> =
    provider === null
      ? { lane: 'pass' }
      : { scope: 'user', vary: ROUTER_HEADERS, onMissing: 'pass', onInvalid: 'pass' };

  const routes: Record<string, DraftRoute> = {};
  const comments = new Map<string, string>();
  const add = (path: string, route: Omit<DraftRoute, 'path'>, comment: string) => {
    if (Object.values(routes).some((other) => other.path === path)) return;
    const name =
      path === '/**'
        ? 'everything'
        : path === '/'
          ? nameOf('home', Object.keys(routes))
          : nameOf(path, Object.keys(routes));
    routes[name] = { path, ...route };
    comments.set(name, comment);
  };
  for (const { source, line } of matchers) {
    const { cover, except } = coverOf(source);
    for (const path of cover) add(path, covered, `matcher ${source.slice(0, 120)}, line ${line}`);
    notes.push({
      kind: 'done',
      line,
      text: `the matcher ${source.slice(0, 200)} is covered by ${cover.join(', ')}: ${provider === null ? 'lane pass' : 'scope user'}.`,
    });
    for (const one of except) {
      const file = publicFile(one);
      if (file === null)
        notes.push({
          kind: 'changed',
          line,
          text: `${one.slice(0, 100)}: left out by the matcher, covered here all the same. Give it a route of its own, if it is for everybody.`,
        });
      else {
        add(
          file,
          { lane: 'public', ...(file.endsWith('/**') ? { query: 'none' as const } : {}) },
          `left out by the matcher, line ${line}`,
        );
        notes.push({
          kind: 'done',
          line,
          text: `${one.slice(0, 100)}: left out by the matcher, and for everybody: ${file} is public.`,
        });
      }
    }
  }
  if (routes.everything === undefined) {
    add('/_next/data/**', covered, 'the data of these pages, which the matcher meant too');
  }
  notes.push(...otherNotes(code, provider !== null));
  if (provider !== null)
    notes.push(
      ...openQuestions(provider).map((question): Note => ({ kind: 'todo', line: 0, text: question })),
    );
  const draft: Draft = {
    origins: { next: { backend: 'origin' } },
    cms: { cookies: ['__prerender_bypass', '__next_preview_data'] },
    ...(provider === null
      ? {}
      : { providers: { site: provider }, scopes: { user: { claims: answers.claim ?? 'sub' } } }),
    routes,
  };
  return {
    draft,
    notes,
    secrets:
      facts?.secretItem === undefined
        ? []
        : [{ item: facts.secretItem, value: null, line: code.jwt?.line ?? 0 }],
    comments,
  };
}

function configOf(statement: Program['body'][number]): Expression | null {
  if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration')
    return null;
  const config = statement.declaration.declarations.find(
    ({ id }) => id.type === 'Identifier' && id.name === 'config',
  );
  return config?.init ?? null;
}

/** The matchers of `export const config`; without any the middleware runs for every path. */
function matchersOf(
  program: Program,
  text: string,
  notes: Note[],
): readonly { source: string; line: number }[] {
  const config = program.body.map(configOf).find((found) => found !== null);
  const tree =
    config === undefined || config === null
      ? undefined
      : staticValue(config, text, 'config', constantsOf(program));
  const matcher = tree?.kind === 'object' ? member(tree, 'matcher') : undefined;
  if (matcher === undefined) {
    notes.push({
      kind: 'done',
      line: 0,
      text: 'without a matcher the middleware runs for every path: all of them are covered.',
    });
    return [{ source: '/:path*', line: 1 }];
  }
  const list = matcher.kind === 'array' ? itemsOf(matcher) : [matcher];
  return list.map((one) => sourceOf(one, notes));
}

function sourceOf(tree: Tree, notes: Note[]): { source: string; line: number } {
  const { line } = tree.at;
  if (tree.kind === 'scalar' && typeof tree.value === 'string') return { source: tree.value, line };
  const source = tree.kind === 'object' ? textAt(tree, 'source') : undefined;
  if (source === undefined) {
    notes.push({
      kind: 'changed',
      line,
      text: 'a matcher that only running the code could tell: every path is covered.',
    });
    return { source: '/:path*', line };
  }
  const conditions = ['has', 'missing'].filter((name) => member(tree, name) !== undefined);
  if (conditions.length > 0)
    notes.push({
      kind: 'changed',
      line,
      text: `${source.slice(0, 120)}: ${conditions.join(' and ')} do not count, the paths are covered in any case.`,
    });
  return { source, line };
}

/** What is known of a session that is a JWT; null: it is none, or cannot be told which cookie it is. */
function jwtFacts({ cookies, readsAuthorization, jwt }: SessionCode, answers: Answers, notes: Note[]) {
  const names = [...new Set(cookies.map(({ name }) => name))];
  const [only] = names;
  const cookie =
    answers.tokenCookie ?? jwt?.cookie ?? (jwt !== null && names.length === 1 ? only : undefined);
  for (const { name, line } of cookies.filter(({ name }) => name !== cookie))
    notes.push({
      kind: 'changed',
      line,
      text: `the cookie ${name}: what it is cannot be told, so that ${jwt === null ? 'the covered paths pass. If it is a JWT, add --token-cookie' : 'nothing depends on it here. If pages differ by it, make it a part of the scope, as'} ${name}.`,
    });
  if (answers.tokenCookie === undefined && (jwt === null || (cookie === undefined && !readsAuthorization)))
    return null;
  const credentials: CredentialInput[] = [
    ...(readsAuthorization ? [{ header: 'authorization', scheme: 'Bearer' }] : []),
    ...(cookie === undefined ? [] : [{ cookie }]),
  ];
  notes.push({
    kind: 'done',
    line: jwt?.line ?? 0,
    text: `the session ${cookie === undefined ? 'in Authorization' : `cookie ${cookie}`} is a JWT, verified before the cache is asked.`,
  });
  const isSecret = jwt?.isSecret === true && jwt.jwksUrl === null && answers.algorithm === undefined;
  const algorithms =
    jwt !== null && jwt.algorithms.length > 0 ? jwt.algorithms : isSecret ? (['HS256'] as const) : undefined;
  return {
    credentials,
    ...(algorithms === undefined ? {} : { algorithms }),
    ...(isSecret ? { secretItem: 'session_secret' } : {}),
    ...(jwt?.jwksUrl ? { keys: { jwksUrl: jwt.jwksUrl, backend: 'idp' } } : {}),
    ...(jwt?.issuer ? { issuer: jwt.issuer } : {}),
    ...(jwt?.audience ? { audience: jwt.audience } : {}),
  };
}

function otherNotes({ comparisons }: SessionCode, isScoped: boolean): readonly Note[] {
  return [
    ...comparisons.map(
      ({ text, line }): Note => ({
        kind: 'not-carried',
        line,
        text: `${text}: a path that the code treats in its own way. If it is for everybody, give it a route with lane: 'public'.`,
      }),
    ),
    {
      kind: 'not-carried',
      line: 0,
      text: 'redirects, rewrites and headers of the middleware: it stays in the application, and runs for whatever reaches it.',
    },
    ...(isScoped
      ? [
          {
            kind: 'changed',
            line: 0,
            text: 'on a hit the middleware does not run: the edge has verified the token. Nothing hits before a page says for how long it may be kept (CDN-Cache-Control).',
          } as const,
          {
            kind: 'changed',
            line: 0,
            text: 'whoever has no token, or one that does not verify, passes: the middleware redirects as before.',
          } as const,
        ]
      : []),
    {
      kind: 'changed',
      line: 0,
      text: 'basePath and i18n stand in next.config.js: with them, put them before these paths.',
    },
  ];
}
