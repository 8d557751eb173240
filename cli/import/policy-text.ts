import { type Draft, Todo } from './draft.ts';
import { todosOf } from './fill-in.ts';

/** What a line of the policy may hold before it is broken. */
const WIDTH = 110;

/**
 * The draft as the text of `src/policy.ts`. What is open stands there as a call that ends the build, with its question.
 *
 * @param source - The file it was made from.
 */
export function policyText(draft: Draft, comments: ReadonlyMap<string, string>, source: string): string {
  const open = todosOf(draft).length;
  const sections = Object.entries({ ...draft, fallback: 'auto' })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      name === 'routes' ? routesText(value as Draft['routes'], comments) : `  ${name}: ${literal(value, 2)},`,
    );
  return [
    "import { definePolicy } from 'claimcache';",
    '',
    `// Made by \`claimcache import\` from ${commented(source)}. Read what it said about it: docs/migrate/import.md.`,
    ...(open > 0 ? ['', TODO_FUNCTION] : []),
    'export default definePolicy({',
    ...sections,
    '});',
    '',
  ].join('\n');
}

const TODO_FUNCTION = `/** What no source could tell. The policy does not build before each of these is replaced by its answer; then delete this function. */
function todo(question: string): never {
  throw new Error(\`TODO in the policy: \${question}\`);
}
`;

function routesText(routes: Draft['routes'], comments: ReadonlyMap<string, string>): string {
  const lines = Object.entries(routes).flatMap(([name, route]) => {
    const comment = comments.get(name);
    return [
      ...(comment === undefined ? [] : [`    // ${commented(comment)}`]),
      `    ${key(name)}: ${literal(route, 4)},`,
    ];
  });
  return ['  routes: {', ...lines, '  },'].join('\n');
}

/** A value as TypeScript, on one line where it fits. */
function literal(value: unknown, indent: number): string {
  if (value instanceof Todo) return `todo(${quoted(value.what)})`;
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return String(value);
  const entries = Array.isArray(value)
    ? value.map((inner) => literal(inner, indent + 2))
    : Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([name, inner]) => `${key(name)}: ${literal(inner, indent + 2)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return open + close;
  const pad = Array.isArray(value) ? '' : ' ';
  const line = `${open}${pad}${entries.join(', ')}${pad}${close}`;
  if (line.length + indent <= WIDTH && !line.includes('\n')) return line;
  const inner = ' '.repeat(indent + 2);
  return `${open}\n${entries.map((entry) => `${inner}${entry},\n`).join('')}${' '.repeat(indent)}${close}`;
}

function key(name: string): string {
  return /^(?:[A-Za-z_$][\w$]*|[1-9]\d{0,8})$/.test(name) ? name : quoted(name);
}

/** As a literal in single quotes, whatever is in it. */
function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'");
  return `'${inner.replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`)}'`;
}

/** In a comment of one line nothing ends the line. */
function commented(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, 200);
}
