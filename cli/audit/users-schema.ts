import * as v from 'valibot';

/** Shorter texts turn up by chance, and a leak that is none would be reported. */
const MIN_MARKER = 6;

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][\w.@-]{0,39}$/, 'must be letters, digits, ".", "_", "@" or "-", at most 40'),
  v.check(
    (value) => !['anonymous', 'editor'].includes(value),
    '"anonymous" and "editor" are names of the audit itself',
  ),
);
const markers = v.optional(
  v.array(v.pipe(v.string(), v.minLength(MIN_MARKER, `must have at least ${MIN_MARKER} characters`))),
  [],
);

const CREDENTIAL = {
  /** A token, sent as `Authorization: Bearer`. Give exactly one of the six. */
  token: v.optional(text),
  /** The same, in a file. Its path is relative to users.json. */
  tokenFile: v.optional(text),
  /** The same, in an environment variable. */
  tokenEnv: v.optional(text),
  /** The value of a `Cookie` header. */
  cookie: v.optional(text),
  /** The same, in a file. */
  cookieFile: v.optional(text),
  /** The same, in an environment variable. */
  cookieEnv: v.optional(text),
  /** The token is sent in this header, without a scheme. */
  header: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of a header'))),
};

const USER = {
  /** Letters, digits, `.`, `_`, `@` and `-`, at most 40. The report shows it. */
  name,
  /** Another credential of the same person, such as a refreshed token. It must hit. */
  second: v.optional(v.strictObject(CREDENTIAL)),
  /** Users who may share entries on `shared` scopes: one name, or one for each scope. Without it sharing is not checked. */
  group: v.optional(v.union([text, v.record(v.string(), text)])),
  /** Texts of at least 6 characters that only this person's pages contain. More markers prove more. */
  markers,
};

const FILE = {
  /** The test users, at least one. */
  users: v.pipe(
    v.array(v.strictObject({ ...USER, ...CREDENTIAL })),
    v.minLength(1, 'must name at least one user'),
  ),
  /** By the name of a group: `markers`, texts that only the group may see. */
  groups: v.optional(v.record(v.string(), v.strictObject({ markers })), {}),
  /** A CMS session, with `markers`. Without it the audit forges the cookie. */
  editor: v.optional(v.strictObject({ ...CREDENTIAL, markers })),
  /** Paths for routes with parameters, and GraphQL queries without mutations: `/graphql?query=%7Bme%7Bemail%7D%7D`. The plain paths of the policy are included. */
  paths: v.optional(v.array(v.pipe(v.string(), v.startsWith('/', 'must begin with "/"'))), []),
};

/** The shape of users.json: docs/how-to/audit.md. */
export const usersSchema = v.strictObject(FILE);

export type UsersFile = v.InferOutput<typeof usersSchema>;
export type CredentialInput = v.InferOutput<v.ObjectSchema<typeof CREDENTIAL, undefined>>;

/** One line for each fault: where, and what would be right. Never the value that stands there: it may be a token. */
export function usersProblems(input: unknown): { file: UsersFile } | { problems: string[] } {
  const parsed = v.safeParse(usersSchema, input);
  if (parsed.success) return { file: parsed.output };
  return { problems: parsed.issues.flatMap(problemsOf) };
}

function problemsOf(issue: v.BaseIssue<unknown>): string[] {
  const where = (issue.path ?? [])
    .map(({ key }, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');
  const at = where === '' ? 'the file' : where;
  if (issue.expected === 'never') return [`${at}: there is no such setting`];
  if (issue.received === 'undefined') return [`${at}: is missing`];
  // A check of ours has a message of its own; the library's own messages quote the value.
  const what = issue.kind === 'validation' ? issue.message : `must be ${issue.expected ?? 'something else'}`;
  return [`${at}: ${what}`];
}
