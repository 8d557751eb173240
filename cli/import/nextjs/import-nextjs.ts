import type { Program } from 'acorn';
import { authjs } from '../../../src/identity/presets/authjs.ts';
import type { Answers, Draft, DraftRoute, Imported, Note } from '../draft.ts';
import { nameOf } from '../name-of.ts';
import { openQuestions, providerOf } from '../provider.ts';
import { type AuthLibrary, authLibrary } from './auth-library.ts';
import { configOf } from './config-of.ts';
import { jwtFacts } from './jwt-facts.ts';
import { coverOf, publicFile } from './matcher.ts';
import { matchersOf } from './matcher-sources.ts';
import { readSessionCode, type SessionCode } from './session-code.ts';

/** What App Router tells its own requests apart by. */
const ROUTER_HEADERS = ['rsc', 'next-router-state-tree', 'next-router-prefetch', 'next-url'];

/** `middleware.ts`, or `proxy.ts` of Next.js 16: a default export, or a function of that name, or a matcher. */
export function isNextJs(program: Program): boolean {
  return program.body.some(
    (statement) =>
      ((statement.type === 'ImportDeclaration' || statement.type === 'ExportNamedDeclaration') &&
        /^next(?:\/|-|$)/.test(String(statement.source?.value ?? ''))) ||
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
  // A cookie that a person names, or a token that the code verifies itself, is none of the library's.
  const library = answers.tokenCookie === undefined && code.jwt === null ? authLibrary(program) : null;
  const facts = library === null ? jwtFacts(code, answers, notes) : null;
  if (library !== null) notes.push(...libraryNotes(library));
  const provider =
    library !== null
      ? authjs({ version: library.version })
      : facts === null
        ? null
        : providerOf('site', facts, answers);
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
      library !== null
        ? [{ item: 'auth_secret', value: null, line: library.line }]
        : facts?.secretItem === undefined
          ? []
          : [{ item: facts.secretItem, value: null, line: code.jwt?.line ?? 0 }],
    comments,
  };
}

function libraryNotes({ version, line }: AuthLibrary): readonly Note[] {
  const [name, variable, other] =
    version === 4
      ? ['NextAuth 4', 'NEXTAUTH_SECRET', "Auth.js, next-auth 5, write authjs() of 'claimcache/providers'"]
      : ['Auth.js', 'AUTH_SECRET', "NextAuth 4, write authjs({ version: 4 }) of 'claimcache/providers'"];
  return [
    {
      kind: 'done',
      line,
      text: `the session of ${name} is opened and verified before the cache is asked: these are the settings of authjs(). Its secret, ${variable}, belongs into the Secret Store.`,
    },
    {
      kind: 'changed',
      line,
      text: `if it is ${other} in their place. Sessions in a database (strategy: 'database') are no tokens: docs/how-to/sessions.md.`,
    },
  ];
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
