import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';

/** Hands a request on as it came, and the response back. */
export function forward(request: IncomingMessage, response: ServerResponse, upstream: URL): void {
  const onward = begin(request, upstream)
    .on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      answer.pipe(response);
    })
    .on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

/** The same of a handshake: bytes go both ways from then on. */
export function forwardUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, upstream: URL): void {
  const onward = begin(request, upstream)
    .on('response', () => socket.destroy())
    .on('error', () => socket.destroy())
    .on('upgrade', (answer, other, first) => {
      const fields = answer.rawHeaders.flatMap((name, i, all) =>
        i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : [],
      );
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join('\r\n')}\r\n\r\n`);
      socket.write(first);
      other.write(head);
      for (const [one, to] of [
        [socket, other],
        [other, socket],
      ] as const)
        one.pipe(to).on('error', () => one.destroy());
    });
  socket.on('error', () => onward.destroy());
  onward.end();
}

function begin({ method, url, rawHeaders }: IncomingMessage, upstream: URL): ClientRequest {
  const { request } = upstream.protocol === 'https:' ? https : http;
  const { hostname, port } = upstream;
  // A connection each: none that the other side is about to close is used again.
  return request({ hostname, port, method, path: url, headers: rawHeaders, setHost: false, agent: false });
}
