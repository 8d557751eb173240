import type { Explanation } from '../../src/explain/explanation.ts';
import { goodForText } from '../../src/explain/step-texts.ts';
import type { World } from '../base/world.ts';

type Colors = World['colors'];

/**
 * An explanation for a person: what happens, the steps to it, then each thing by itself.
 *
 * @param unknown - Why what happens is not known here: then the verdict is left out.
 */
export function explanationText(raw: Explanation, unknown: readonly string[], colors: Colors): string {
  const told = withoutControls(raw);
  const isUnknown = unknown.length > 0;
  const blocks = [
    headline(told, unknown, colors),
    section(
      'steps',
      told.steps
        .filter(({ step }) => !isUnknown || step !== 'lane')
        .map(({ step, text }, i) => [
          `${i + 1}`,
          `${step.padEnd(10)} ${isUnknown && step === 'credential' ? 'here: ' : ''}${text}`,
        ]),
      colors,
    ),
    section('routes', routeRows(told, colors), colors),
    section('identity', identityRows(told, isUnknown), colors),
    section('cache', cacheRows(told), colors),
    section('response', responseRows(told), colors),
  ];
  const hint =
    told.valuesShown || told.scope === null
      ? ''
      : `\n${colors.dim('(--show-values shows what is masked)')}\n`;
  return `${blocks.filter((block) => block !== '').join('\n')}${hint}`;
}

function headline(
  { method, host, path, lane, reason, code, status, route }: Explanation,
  unknown: readonly string[],
  colors: Colors,
): string {
  const asked = colors.bold(`${method} ${host ?? ''}${path ?? ''}`);
  if (unknown.length > 0)
    return `${asked}\n${unknown.map((why) => `${colors.yellow('not known here')}: ${why}\n`).join('')}`;
  const paint = {
    scoped: colors.green,
    public: colors.cyan,
    pass: colors.yellow,
    reject: colors.red,
    operator: colors.magenta,
  };
  const where = route === null ? '' : `, route ${route}`;
  const answer = status === null ? '' : `, answered ${status}`;
  return `${asked}\n${paint[lane](lane)}: ${code ?? reason}${where}${answer}\n`;
}

type Row = readonly [string, string];

function section(title: string, rows: readonly Row[], colors: Colors): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([name]) => name.length));
  return `${colors.bold(title)}\n${rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join('')}`;
}

function routeRows({ routes }: Explanation, colors: Colors): Row[] {
  const width = Math.max(0, ...routes.map(({ path }) => path.length));
  return routes.map(({ name, path, verdict, why }) => {
    const text = `${path.padEnd(width)}  ${why}`;
    return [name, verdict === 'taken' ? colors.green(text) : text];
  });
}

function identityRows({ credential, scope }: Explanation, isUnknown: boolean): Row[] {
  if (credential === null) return [];
  const { outcome, code, asked, verified, misfits } = credential;
  const shownOutcome = code === null ? outcome : `${outcome}, ${code}`;
  const rows: Row[] = [['outcome', isUnknown ? 'not known here' : shownOutcome]];
  for (const { provider, credentialSource, algorithm, keyId } of asked) {
    rows.push(['token', `${credentialSource}; alg ${algorithm}; kid ${keyId ?? 'none'}; asked: ${provider}`]);
  }
  // A service of another version tells none.
  for (const { provider, field, expected, actual } of misfits ?? []) {
    rows.push([`  ${field}`, `is ${actual}; the provider ${provider} expects ${expected}`]);
  }
  if (verified !== null) {
    const { provider, algorithm, keyId, expiresInSeconds, claims } = verified;
    rows.push([
      'verified by',
      `${provider}, ${algorithm}, kid ${keyId ?? 'none'}; ${goodForText(expiresInSeconds)}`,
    ]);
    for (const [name, value] of Object.entries(claims)) rows.push([`  ${name}`, shown(value)]);
  }
  if (scope !== null) {
    const values = scope.values?.map(({ name, value }) => `${name} = ${shown(value)}`).join(', ');
    const shared = scope.shared ? ' (shared)' : '';
    rows.push(['scope', `${scope.name}${shared}: ${values ?? 'not filled'}`]);
    if (values === undefined) {
      for (const { name, path, found } of scope.lookups ?? []) {
        const where = path === null || path.length === 1 ? name : `${name} (${path.join(' → ')})`;
        rows.push(['  looks at', `${where}: ${found ?? 'no token has verified'}`]);
      }
    }
  }
  return rows;
}

function cacheRows({ key, surrogateKeys, purgesAfterWrite, origin, engine }: Explanation): Row[] {
  const rows: Row[] = [];
  if (key !== null) {
    rows.push(['entry', key.entry ?? 'not shown without a fingerprint_key']);
    if (key.fingerprint !== null) rows.push(['fingerprint', `${key.fingerprint} (as in the log)`]);
    if (key.cacheKey !== null) rows.push(['key', key.cacheKey]);
    rows.push(['surrogate keys', surrogateKeys.join(' ')], ['engine', engine ?? 'not known here']);
  }
  if (purgesAfterWrite.length > 0) rows.push(['purges then', purgesAfterWrite.join(' ')]);
  if (origin !== null)
    rows.push(['origin', `${origin.name} (backend ${origin.backend}) is asked for ${origin.target}`]);
  return rows;
}

function responseRows({ response }: Explanation): Row[] {
  if (response === null) return [];
  const { status, stored, reason, code, ttlSeconds, client, notes, originSurrogateKeys, unkeyedVary } =
    response;
  const rows: Row[] = [['status', code === null ? `${status}` : `${status}, ${code}`]];
  if (reason !== null) rows.push(['stored', stored ? `for ${ttlSeconds} s` : `no: ${reason}`]);
  if (stored) {
    const { staleWhileRevalidateSeconds: revalidate, staleIfErrorSeconds: ifError } = response;
    rows.push(['stale', `${revalidate} s while it is fetched again, ${ifError} s while the origin fails`]);
  }
  if (originSurrogateKeys.length > 0) rows.push(['origin keys', originSurrogateKeys.join(' ')]);
  if (client !== null) {
    rows.push(['Cache-Control', client.cacheControl ?? 'none'], ['Vary', client.vary ?? 'none']);
    if (client.setsCookie) rows.push(['Set-Cookie', 'reaches the client']);
  }
  if (unkeyedVary.length > 0)
    rows.push(['not for', `who sends ${unkeyedVary.join(', ')}: add to the route's vary, or ignoreVary`]);
  if (notes.length > 0) rows.push(['notes', notes.join(', ')]);
  return rows;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Tokens, paths and answers are hostile: nothing of them may steer the terminal, or write from right to left. */
function withoutControls(told: Explanation): Explanation {
  return JSON.parse(JSON.stringify(told), (_, value: unknown) => {
    if (typeof value === 'string') return plain(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [plain(name), inner]));
  });
}

function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
