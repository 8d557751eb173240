import type { ExplainQuestion } from './explain-question.ts';
import { isFlag, isListOf, isText, malformed, parseRequest, type RequestShape } from './parse-request.ts';

type SentFields = Readonly<Record<string, string | readonly string[]>>;

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: SentFields;
  readonly body?: string;
  readonly clientAddress?: string;
  readonly status?: number;
  readonly responseHeaders?: SentFields;
  readonly showValues?: boolean;
}

const MAX_LENGTH = 65_536;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?=\d)|$)){4}$/;

const SHAPE: RequestShape = {
  members: {
    method: isShort,
    // A path with its query, or a whole URL: then its host and scheme count.
    path: (path) => isShort(path) && /^(?:\/|https?:\/\/[^/?#])/i.test(path),
    headers: areFields,
    body: isShort,
    clientAddress: isAddress,
    status: (status) => Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599,
    responseHeaders: areFields,
    showValues: isFlag,
  },
  required: [['path']],
  optional: ['method', 'headers', 'body', 'clientAddress', 'status', 'responseHeaders', 'showValues'],
};

function isShort(value: unknown): value is string {
  return isText(value, MAX_LENGTH);
}

function areFields(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(
    ([name, content]) => isShort(name) && (isShort(content) || isListOf(content, isShort, 64)),
  );
}

/** IPv4, or IPv6 without a zone. */
function isAddress(value: unknown): boolean {
  if (!isText(value) || !/^[\da-f.:]{2,45}$/i.test(value)) return false;
  if (!value.includes(':')) return IPV4.test(value);
  try {
    return new URL(`http://[${value}]/`).pathname === '/';
  } catch {
    return false;
  }
}

/**
 * Reads the body of `POST /.edge/explain`: `{path}`, and `method`, `headers`, `body`, `clientAddress`, `status`, `responseHeaders`,
 * `showValues`. Where the path has no host it is `Host` of the headers, else `host`, over TLS.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED; the cause quotes nothing of the body.
 */
export function readExplainRequest(body: string, host: string): ExplainQuestion {
  const question = parseRequest<Asked>(
    body,
    SHAPE,
    '{path}, and method, headers, body, clientAddress, status, responseHeaders, showValues',
  );
  const { method = 'GET', path, headers = {}, status, responseHeaders = {}, showValues = false } = question;
  const sent = fieldsOf(headers);
  const given = Object.keys(responseHeaders).length > 0 || status !== undefined;
  return {
    method,
    url: path.startsWith('/') ? `https://${sent.get('host') ?? host}${path}` : path,
    headers: sent,
    clientAddress: question.clientAddress ?? null,
    body: question.body ?? null,
    response: given ? { status: status ?? 200, headers: fieldsOf(responseHeaders) } : null,
    showValues,
  };
}

function fieldsOf(record: SentFields): Headers {
  const fields = new Headers();
  try {
    for (const [name, values] of Object.entries(record)) {
      for (const value of typeof values === 'string' ? [values] : values) fields.append(name, value);
    }
  } catch {
    // The platform's own message quotes the header.
    throw malformed('a name or value that no header can have');
  }
  return fields;
}
