import * as v from 'valibot';
import type { ExplainQuestion } from './explain-question.ts';
import { malformed, parseRequest } from './parse-request.ts';

function explainRequest() {
  const text = v.pipe(v.string(), v.maxLength(65_536));
  const headers = v.optional(v.record(text, v.union([text, v.pipe(v.array(text), v.maxLength(64))])), {});

  return v.strictObject({
    method: v.optional(text, 'GET'),
    /** A path with its query, or a whole URL: then its host and scheme count. */
    path: v.pipe(text, v.regex(/^(?:\/|https?:\/\/[^/?#])/i)),
    headers,
    body: v.optional(v.pipe(v.string(), v.maxLength(65_536))),
    clientAddress: v.optional(v.pipe(text, v.ip())),
    status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599))),
    responseHeaders: headers,
    showValues: v.optional(v.boolean(), false),
  });
}

/**
 * Reads the body of `POST /.edge/explain`: `{path}`, and `method`, `headers`, `body`, `clientAddress`, `status`, `responseHeaders`,
 * `showValues`. Where the path has no host it is `Host` of the headers, else `host`, over TLS.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED; the cause quotes nothing of the body.
 */
export function readExplainRequest(body: string, host: string): ExplainQuestion {
  const question = parseRequest(
    body,
    explainRequest,
    '{path}, and method, headers, body, clientAddress, status, responseHeaders, showValues',
  );
  const sent = fieldsOf(question.headers);
  const given = Object.keys(question.responseHeaders).length > 0 || question.status !== undefined;
  return {
    method: question.method,
    url: question.path.startsWith('/')
      ? `https://${sent.get('host') ?? host}${question.path}`
      : question.path,
    headers: sent,
    clientAddress: question.clientAddress ?? null,
    body: question.body ?? null,
    response: given ? { status: question.status ?? 200, headers: fieldsOf(question.responseHeaders) } : null,
    showValues: question.showValues,
  };
}

function fieldsOf(record: Readonly<Record<string, string | readonly string[]>>): Headers {
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
