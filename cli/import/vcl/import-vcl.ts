import type { OriginInput } from '../../../src/policy/origins.ts';
import { type Answers, type Draft, type Imported, type Note, Todo } from '../draft.ts';
import { globCovers, patternsOfGlob } from '../glob.ts';
import { nameOf } from '../name-of.ts';
import { orderedRoutes } from '../ordered-routes.ts';
import { openQuestions, providerOf } from '../provider.ts';
import type { Rule, Treatment } from '../rules.ts';
import { rooted } from '../samples.ts';
import type { VclFacts } from './facts.ts';
import { readVcl } from './read-facts.ts';
import type { Block } from './statements.ts';

/** A policy from a VCL of Fastly or Varnish. What is kept there by more than a policy can tell is not kept here. */
export function importVcl(source: string, answers: Answers): Imported {
  const { facts, blocks } = readVcl(source);
  const notes: Note[] = [...facts.notes];
  const rules = rulesOf(facts, notes);
  const provider = facts.isPerToken ? providerOf('idp', {}, answers) : null;
  const origins = originsOf(facts, blocks, notes);
  const guards = answers.without.has('refusals') ? [] : facts.guards;
  for (const { text, line } of facts.guards)
    notes.push({
      kind: guards.length > 0 ? 'todo' : 'not-carried',
      line,
      text: `${text}: a policy refuses nobody by that.`,
    });
  const cookies = [...facts.cookies].filter((name) => name !== answers.tokenCookie);
  const withRoutes = (routes: Draft['routes']): Draft => ({
    origins,
    ...(cookies.length > 0 ? { cms: { cookies } } : {}),
    ...(provider === null
      ? {}
      : { providers: { idp: provider }, scopes: { user: { claims: answers.claim ?? 'sub' } } }),
    routes,
    ...(facts.ignoreQuery.size > 0 ? { ignoreQuery: [...facts.ignoreQuery] } : {}),
    ...(facts.https ? { https: 'redirect' as const } : {}),
  });
  const ordered = orderedRoutes(rules, { rule: 'rule', source: 'VCL' }, withRoutes);
  if (provider !== null)
    notes.push(...openQuestions(provider).map((text): Note => ({ kind: 'todo', line: 0, text })));
  if (cookies.length > 0)
    notes.push({
      kind: 'changed',
      line: 0,
      text: `${cookies.join(', ')}: names of cookies. An expression over the whole field also looked into values, and into names that only contain one.`,
    });
  const [guarded] = Object.keys(ordered.routes);
  const routes = { ...ordered.routes };
  // Without the refusals nothing may be reached: the first route asks for all of them.
  if (guards.length > 0 && guarded !== undefined && routes[guarded] !== undefined) {
    const what = `the VCL refused some requests (${guards
      .map(({ text, line }) => `line ${line}: ${text}`)
      .join('; ')
      .slice(0, 400)}). Do that in handlers.ts or at the origin, then import with --without refusals.`;
    routes[guarded] = { ...routes[guarded], path: new Todo(what, routes[guarded].path) };
  }
  return {
    draft: withRoutes(routes),
    notes: [...notes, ...ordered.notes],
    secrets: [],
    comments: ordered.comments,
  };
}

/** In the order of the source, the first that matches wins. */
function rulesOf(facts: VclFacts, notes: Note[]): readonly Rule[] {
  const pass: Treatment = { lane: 'pass' };
  const isOff =
    facts.uncertain !== null ||
    facts.lifetimes.some(({ glob, seconds, isDefault }) => glob === '*' && seconds === 0 && !isDefault);
  const isPublic = facts.stripsAll !== null && !facts.hasAnyCookie;
  const rules: Rule[] = facts.decided.map(({ glob, line, isPass }) => ({
    glob,
    line,
    treatment: isPass || isOff ? pass : kept(glob, facts),
  }));
  const stripped = facts.stripped.map(
    ({ glob, line }): Rule => ({ glob, line, treatment: isOff ? pass : kept(glob, facts) }),
  );
  const open = facts.isPerToken ? kept('*', facts) : isPublic ? kept('*', facts) : null;
  // The last lifetime that is set is the one that counts.
  const timed = facts.lifetimes
    .toReversed()
    .filter(({ glob }) => glob !== '*' && ![...rules, ...stripped].some((rule) => rule.glob === glob))
    .flatMap(({ glob, line, seconds }): Rule[] => {
      const isKept =
        isPublic || facts.isPerToken || stripped.some((rule) => globCovers(rooted(rule.glob), rooted(glob)));
      if (seconds === 0) return [{ glob, line, treatment: pass }];
      if (!isKept) {
        notes.push({
          kind: 'changed',
          line,
          text: `${glob}: its lifetime of ${seconds} s is not used. The answer may depend on cookies, which the VCL does not remove there.`,
        });
        return [];
      }
      return [{ glob, line, treatment: isOff ? pass : kept(glob, facts) }];
    });
  rules.push(...timed, ...stripped);
  for (const { glob, line, seconds } of facts.lifetimes)
    notes.push({ kind: 'done', line, text: `${glob}: ${seconds} s.` });
  if (facts.lifetimes.some(({ isDefault }) => !isDefault))
    notes.push({
      kind: 'changed',
      line: 0,
      text: 'a lifetime that the VCL sets does not beat no-store, no-cache and private of the origin here.',
    });
  if (open !== null) rules.push({ glob: '*', line: facts.stripsAll ?? 0, treatment: isOff ? pass : open });
  else if (isOff) rules.push({ glob: '*', line: 0, treatment: pass });
  else
    notes.push({
      kind: 'changed',
      line: 0,
      text: 'what is left is the fallback’s: public without a cookie that may count, else it passes.',
    });
  return rules;
}

/** A route whose answers are kept: for everybody, or by the verified claim. */
function kept(glob: string, facts: VclFacts): Treatment {
  const seconds = facts.lifetimes.findLast((one) => globCovers(rooted(one.glob), rooted(glob)));
  const ttl = seconds === undefined || seconds.seconds === 0 ? undefined : seconds;
  const strips = facts.stripSetCookie.some((one) => globCovers(rooted(one.glob), rooted(glob)));
  return {
    ...(facts.isPerToken
      ? { scope: 'user', onMissing: 'pass' as const, onInvalid: 'pass' as const }
      : { lane: 'public' as const }),
    ...(ttl === undefined
      ? {}
      : {
          ttlSeconds: ttl.isDefault
            ? { default: ttl.seconds }
            : { default: ttl.seconds, min: ttl.seconds, max: ttl.seconds },
        }),
    ...(facts.staleSeconds ? { staleWhileRevalidateSeconds: facts.staleSeconds } : {}),
    ...(facts.staleIfErrorSeconds ? { staleIfErrorSeconds: facts.staleIfErrorSeconds } : {}),
    ...(Object.keys(facts.negative).length > 0 ? { negativeTtlSeconds: facts.negative } : {}),
    ...(strips && !facts.isPerToken ? { stripSetCookie: true } : {}),
    ...(facts.vary.size > 0 ? { vary: [...facts.vary] } : {}),
    ...(facts.ignoresQuery ? { query: 'none' as const } : {}),
  };
}

/** Backends of the VCL as origins: one is `web`, several have the paths and hosts that were asked for. */
function originsOf(
  facts: VclFacts,
  blocks: readonly Block[],
  notes: Note[],
): Readonly<Record<string, OriginInput>> {
  const declared = blocks.filter(({ kind }) => kind === 'backend');
  for (const { name, line } of declared)
    notes.push({
      kind: 'done',
      line,
      text: `backend ${name}: name it in fastly.toml. Its timeouts, TLS and probes stand there too.`,
    });
  const names = [
    ...new Set([...facts.backends.map(({ name }) => name), ...declared.map(({ name }) => name)]),
  ];
  if (names.length <= 1) return { web: { backend: 'origin' } };
  const origins: Record<string, OriginInput> = {};
  for (const name of names) {
    const uses = facts.backends.filter((one) => one.name === name);
    const paths = [
      ...new Set(uses.flatMap((one) => one.paths).flatMap((glob) => patternsOfGlob(glob).cover ?? [])),
    ];
    const hosts = uses.flatMap(({ host }) => (host === null ? [] : [host]));
    const own = nameOf(name.replace(/^F_/, ''), Object.keys(origins), 'web');
    origins[own] = {
      backend: own,
      ...(paths.length > 0 ? { paths } : {}),
      ...(hosts.length > 0 ? { hosts } : {}),
    };
  }
  return origins;
}
