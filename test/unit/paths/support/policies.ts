import fc from 'fast-check';
import { compilePolicy } from '../../../../src/policy/compile.ts';
import type { RouteInput } from '../../../../src/policy/routes/route.ts';
import { piecesOf } from './slow-matcher.ts';
import type { TestPolicy } from './types.ts';

const user = (path: string, more: Partial<RouteInput> = {}): RouteInput => ({ path, scope: 'user', ...more });
const admin = (path: string): RouteInput => ({ path, scope: 'admin' });
const open = (path: string): RouteInput => ({ path, lane: 'public' });

function policyOf(
  name: string,
  routes: Readonly<Record<string, RouteInput>>,
  { cms = [] as readonly string[], words = ['a', 'b7', 'X-1'] as readonly string[] } = {},
): TestPolicy {
  return {
    name,
    words,
    input: {
      origins: { app: { backend: 'origin' } },
      cms: { paths: [...cms] },
      providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
      scopes: { user: { claims: 'sub' }, admin: { claims: 'sub', requiredClaims: { role: 'admin' } } },
      revocation: { scopes: ['user'] },
      routes,
    },
    routes: [
      ...Object.entries(routes).map(
        ([routeName, { path, scope = null, revocation = false, onMissing, cache = true }]) => ({
          name: routeName,
          pattern: path,
          pieces: piecesOf(path),
          kind: scope === null ? ('public' as const) : ('scoped' as const),
          scope,
          revocation,
          isOpen: onMissing === 'public',
          isSensitive: !cache,
        }),
      ),
      ...cms.map((path) => ({
        name: path,
        pattern: path,
        pieces: piecesOf(path),
        kind: 'cms' as const,
        scope: null,
        revocation: false,
        isOpen: false,
        isSensitive: false,
      })),
    ],
  };
}

const segment = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'Api', 'me', 'my%20x', 'ü', 'ﬁn', 'x.y', '@t') },
  { weight: 3, arbitrary: fc.constantFrom(':p', ':q', ':r([A-Z0-9]+)') },
);
const pattern = fc
  .tuple(fc.uniqueArray(segment, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', '/**'))
  .map(([segments, end]) => `/${segments.join('/')}${end}`);
const rule = fc.constantFrom<(path: string) => RouteInput>(
  user,
  admin,
  open,
  (path) => user(path, { revocation: true }),
  (path) => user(path, { onMissing: 'public' }),
  (path) => user(path, { cache: false }),
);

/** Any policy that its check lets through. */
export const anyPolicy = fc
  .tuple(
    fc.uniqueArray(fc.tuple(pattern, rule), { minLength: 2, maxLength: 7, selector: ([path]) => path }),
    fc.uniqueArray(pattern, { maxLength: 1 }),
  )
  .map(([routes, cms]) =>
    policyOf('any', Object.fromEntries(routes.map(([path, ruleOf], i) => [`r${i}`, ruleOf(path)])), {
      cms,
      words: ['me', 'A1', 'x.y', 'b'],
    }),
  )
  .filter(({ input }) => {
    try {
      compilePolicy(input);
      return true;
    } catch {
      return false;
    }
  });

export const POLICIES: readonly TestPolicy[] = [
  policyOf('areas below patterns', {
    me: user('/api/me'),
    api: user('/api/**', { revocation: true }),
    orders: user('/v2/orders'),
    kinds: admin('/v2/:kind/:id'),
    account: user('/account'),
  }),
  policyOf('stricter and weaker routes in one place', {
    files: admin('/files/**'),
    readme: user('/files/readme'),
    docs: user('/files/docs', { onMissing: 'public' }),
    help: open('/files/help/:topic'),
    admin: admin('/me/admin'),
    me: user('/me/**'),
  }),
  policyOf(
    'text that is encoded, and constraints',
    {
      account: user('/my%20account'),
      order: user('/orders/:id([A-Z0-9]+)'),
      one: admin('/o\\(1\\)/x'),
      percent: user('/100%25/:x'),
      at: user('/@team/:name'),
      tilde: user('/~me'),
      slug: open('/orders/:slug'),
    },
    { words: ['7', 'B12', 'ab-c', 'x y'] },
  ),
  policyOf(
    'paths beyond ASCII',
    {
      own: user('/über/mich', { revocation: true }),
      strasse: admin('/straße/:x'),
      viet: user('/việt'),
      rus: user('/профиль/**'),
      kana: user('/ガイド/me'),
      file: user('/ﬁle'),
      plain: user('/skin'),
      open: open('/offen/:x'),
    },
    { cms: ['/vorschau/ä/**'], words: ['x', 'ö', 'é1'] },
  ),
  policyOf(
    'parameters everywhere',
    {
      tenant: user('/:tenant/settings'),
      deep: admin('/t/:a/x/:b/y'),
      shop: open('/shop/:item'),
      upper: open('/API/docs'),
      lower: admin('/api/docs'),
      person: user('/u/:id'),
      avatar: open('/u/:id/avatar'),
    },
    { cms: ['/preview/**', '/edit'] },
  ),
];
