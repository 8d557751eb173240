import { connect } from 'node:net';

/** An answer as its bytes say it. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name; several of one name joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawConversation {
  readonly answers: readonly RawAnswer[];
  /** What came besides: of a connection that is in step there is nothing. */
  readonly rest: string;
}

/**
 * Sends bytes on one connection, and reads as many answers as there are requests, one behind the other, as any client would. A list
 * goes out piece by piece, so far apart. It ends when they are there, or after `timeoutMs`.
 */
export function converse(
  url: string,
  sent: string | readonly string[],
  methods: readonly string[] = ['GET'],
  { pauseMs = 0, timeoutMs = 10_000 } = {},
): Promise<RawConversation> {
  const { hostname, port } = new URL(url);
  const pieces = typeof sent === 'string' ? [sent] : sent;
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname);
    const end = () => {
      clearTimeout(timer);
      clearInterval(writer);
      socket.destroy();
      resolve(read(received, methods));
    };
    let next = 0;
    const write = () => {
      const piece = pieces[next++];
      if (piece !== undefined) socket.write(Buffer.from(piece, 'latin1'));
    };
    const timer = setTimeout(end, timeoutMs);
    const writer = setInterval(write, Math.max(1, pauseMs));
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      // What does not belong to the answers comes with them, or at once behind them.
      if (read(received, methods).answers.length === methods.length) setTimeout(end, 50);
    });
    socket
      .on('connect', write)
      .on('error', () => {})
      .on('close', end);
  });
}

/** RFC 9112 section 6.3, without what the service never does. */
function read(bytes: string, methods: readonly string[]): RawConversation {
  const answers: RawAnswer[] = [];
  let rest = bytes;
  for (const method of methods) {
    const end = rest.indexOf('\r\n\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1] ?? 0);
    if (end < 0 || status === 0) break;
    const headers: Record<string, string> = {};
    for (const line of rest.slice(0, end).split('\r\n').slice(1)) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    }
    const after = rest.slice(end + 4);
    const body = bodyIn(after, status, method, headers);
    if (body === null) break;
    answers.push({ status, headers, body: body.text });
    rest = after.slice(body.length);
  }
  return { answers, rest };
}

function bodyIn(bytes: string, status: number, method: string, headers: Readonly<Record<string, string>>) {
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) return { text: '', length: 0 };
  if (headers['transfer-encoding'] === 'chunked') return chunksIn(bytes);
  const length = Number(headers['content-length'] ?? 0);
  return bytes.length < length ? null : { text: bytes.slice(0, length), length };
}

function chunksIn(bytes: string) {
  let text = '';
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(bytes.slice(at, line), 16);
    const from = line + 2;
    if (bytes.length < from + size + 2) return null;
    text += bytes.slice(from, from + size);
    at = from + size + 2;
    if (size === 0) return { text, length: at };
  }
}
