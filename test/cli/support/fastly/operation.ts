import type { IncomingHttpHeaders } from 'node:http';

/** One call as it arrived. `body`: parsed JSON, fields of a form, else text; null where there is none. */
export interface RecordedCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

type Params = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, string>>;
export type BodyKind = 'form' | 'json' | 'multipart';

const CONTENT_TYPES: Record<BodyKind, RegExp> = {
  form: /^application\/x-www-form-urlencoded$/,
  json: /^application\/json(; ?charset=utf-8)?$/i,
  multipart: /^multipart\/form-data; ?boundary=/,
};

/** One operation of Fastly's reference. */
export interface Operation {
  readonly method: string;
  readonly path: RegExp;
  readonly body: BodyKind | null;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly answer: (params: Params, fields: Fields, call: RecordedCall) => Answer | Promise<Answer>;
}

/** What an operation takes; a name with `?` is optional. */
type Takes = Partial<Record<BodyKind, readonly string[]>>;

/** `POST /service/:service/version/:version/domain` */
export function operation(line: string, takes: Takes, answer: Operation['answer']): Operation {
  const [method = '', template = ''] = line.split(' ');
  const pattern = template.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  const [[body, names] = [null, []]] = Object.entries(takes) as [BodyKind, readonly string[]][];
  return {
    method,
    path: new RegExp(`^${pattern}$`),
    body,
    required: names.filter((name) => !name.endsWith('?')),
    optional: names.filter((name) => name.endsWith('?')).map((name) => name.slice(0, -1)),
    answer,
  };
}

/** What of the call the reference does not know, or null. */
export function breachOf({ body, required, optional }: Operation, call: RecordedCall): string | null {
  if (body === null) return null;
  const type = call.headers['content-type'] ?? 'no content type';
  if (!CONTENT_TYPES[body].test(type)) return `${type} instead of ${body}`;
  const names = Object.keys((call.body ?? {}) as object);
  const unknown = names.filter((name) => !required.includes(name) && !optional.includes(name));
  if (unknown.length > 0) return `not documented: ${unknown.join(', ')}`;
  const missing = required.filter((name) => !names.includes(name));
  return missing.length > 0 ? `missing: ${missing.join(', ')}` : null;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const refused = (status: number, detail: string): Answer => ({
  status,
  body: { msg: status === 404 ? 'Record not found' : 'Bad request', detail },
});
