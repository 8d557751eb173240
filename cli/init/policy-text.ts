import type { Answers } from './answers.ts';
import { policyInput, writtenProvider } from './policy-input.ts';
import { PresetCall } from './provider-presets.ts';

const WIDTH = 100;

/** Above each part of the policy. */
const COMMENTS: Readonly<Record<string, string | readonly string[]>> = {
  origins: 'Which backend of fastly.toml answers. `npm start -- --origin URL` asks another one.',
  cms: 'Editors: their paths go straight to the origin, so that drafts are always right.',
  providers: 'Whose tokens count, and what makes one valid.',
  scopes: 'Which verified claims partition the cache. `user:42` is what purges one person.',
  routes: [
    'The most specific pattern wins. A route with a scope is cached for each person, or group, of its own.',
    "Without a token it answers 401. `onMissing: 'pass'` in a route: the application answers then, with its sign-in page.",
  ],
  fallback:
    'Paths that no route names: public where every cookie of the request is known to mean nothing, else passed.',
  ignoreQuery: 'Parameters that never change a page.',
};

const LOCAL_KEYS =
  'The URL of the keys is of this machine. Before a deploy: that of the deployed application, with https, and its `issuer`.';

function isOnThisMachine({ facts: { jwksUrl = '', url = '' } }: Answers): boolean {
  return /^http:/.test(jwksUrl || url);
}

/** `src/policy.ts` of a new service. */
export function policyText(answers: Answers): string {
  const written = writtenProvider(answers);
  const policy = { ...policyInput(answers), providers: { [answers.provider]: written } };
  const presets =
    written instanceof PresetCall ? `import { ${written.name} } from 'claimcache/providers';\n` : '';
  const parts = Object.entries(policy).map(([key, value]) => {
    const lines = [
      COMMENTS[key] ?? [],
      key === 'providers' && isOnThisMachine(answers) ? LOCAL_KEYS : [],
    ].flat();
    const comment = lines.map((line) => `  // ${line}\n`).join('');
    return `${comment}  ${property(key)}: ${literal(value, 2)},\n`;
  });
  return `import { definePolicy } from 'claimcache';
${presets}
/** What your site caches, for whom, and for how long. The build refuses a policy that could leak. All settings: node_modules/claimcache/docs/reference/policy.md. */
export default definePolicy({
${parts.join('\n')}});
`;
}

/** As source: on one line where it fits, and quoted as people write it. */
function literal(value: unknown, indent: number): string {
  if (typeof value === 'string') return quoted(value);
  if (value instanceof PresetCall && Object.keys(value.changes).length === 0) return call(value, indent);
  if (typeof value !== 'object' || value === null) return String(value);
  const isArray = Array.isArray(value);
  const members = (object: object, deeper: number) =>
    Object.entries(object).map(([key, item]) => `${property(key)}: ${literal(item, deeper)}`);
  const inner = (deeper: number) => {
    if (isArray) return value.map((item) => literal(item, deeper));
    if (!(value instanceof PresetCall)) return members(value, deeper);
    return [`...${call(value, deeper)}`, ...members(value.changes, deeper)];
  };
  const [open, close] = isArray ? ['[', ']'] : ['{ ', ' }'];
  const line = `${open}${inner(indent).join(', ')}${close}`;
  if (!line.includes('\n') && line.length + indent + 12 < WIDTH) return line;
  const pad = ' '.repeat(indent + 2);
  const lines = inner(indent + 2).map((item) => `${pad}${item},\n`);
  return `${open.trim()}\n${lines.join('')}${' '.repeat(indent)}${close.trim()}`;
}

function call({ name, options }: PresetCall, indent: number): string {
  return `${name}(${Object.keys(options).length === 0 ? '' : literal(options, indent)})`;
}

function property(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : quoted(key);
}

/** What JSON escapes, a string of JavaScript has too. */
export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
