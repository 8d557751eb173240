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
  token: v.optional(text),
  tokenFile: v.optional(text),
  tokenEnv: v.optional(text),
  cookie: v.optional(text),
  cookieFile: v.optional(text),
  cookieEnv: v.optional(text),
  /** A token is sent in this header, without a scheme, instead of `Authorization: Bearer`. */
  header: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of a header'))),
};

const user = v.strictObject({
  name,
  ...CREDENTIAL,
  /** Another credential of the same person: a refreshed token has to hit. */
  second: v.optional(v.strictObject(CREDENTIAL)),
  group: v.optional(v.union([text, v.record(v.string(), text)])),
  markers,
});

/** The shape of users.json: docs/how-to/audit.md. */
export const usersSchema = v.strictObject({
  users: v.pipe(v.array(user), v.minLength(1, 'must name at least one user')),
  groups: v.optional(v.record(v.string(), v.strictObject({ markers })), {}),
  editor: v.optional(v.strictObject({ ...CREDENTIAL, markers })),
  paths: v.optional(v.array(v.pipe(v.string(), v.startsWith('/', 'must begin with "/"'))), []),
});

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
