import { once } from 'node:events';
import { Agent, createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type Front, startFront } from '../../../cli/dev/front.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function ending(started: Server): void {
  started.closeAllConnections();
  started.close();
}

/** A server that answers with its name, once it is let go on. */
async function server(name: string, gate: Promise<void> = Promise.resolve()): Promise<number> {
  const started: Server = createServer((_, response) => void gate.then(() => response.end(name)));
  started.listen(0, '127.0.0.1');
  await once(started, 'listening');
  ends.push(() => ending(started));
  return (started.address() as AddressInfo).port;
}

async function front(): Promise<Front> {
  const started = await startFront(0);
  ends.push(started.stop);
  return started;
}

const ask = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`)).text();

it('a connection that comes before there is a server waits for one', async () => {
  const { port, use } = await front();
  const early = ask(port);
  await use(await server('first'));
  expect(await early).toBe('first');
});

it('an answer under way on the old server is finished, and whoever comes after gets the new one', async () => {
  const { port, use } = await front();
  let open = () => {};
  const slow = await server('old', new Promise((resolve) => (open = resolve)));
  await use(slow);
  const underWay = ask(port);
  await new Promise((resolve) => setTimeout(resolve, 100));
  let isGone = false;
  const gone = use(await server('new')).then(() => {
    isGone = true;
  });
  expect(await ask(port)).toBe('new');
  expect(isGone).toBe(false);
  open();
  expect(await underWay).toBe('old');
  await gone;
});

it('a connection that is kept alive does not keep the old server', async () => {
  const { port, use } = await front();
  await use(await server('old'));
  const agent = new Agent({ keepAlive: true });
  ends.push(() => agent.destroy());
  const text = () =>
    new Promise<string>((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve(body));
      }).on('error', reject);
    });
  expect(await text()).toBe('old');
  await use(await server('new'));
  expect(await text()).toBe('new');
});

it('bytes go by as they were sent: nothing is read, joined or put right', async () => {
  const { port, use } = await front();
  const seen: string[][] = [];
  const raw = createServer((request, response) => {
    seen.push(request.rawHeaders);
    response.end();
  });
  raw.listen(0, '127.0.0.1');
  await once(raw, 'listening');
  ends.push(() => ending(raw));
  await use((raw.address() as AddressInfo).port);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /a HTTP/1.1\r\nhOsT: shop.test\r\nX-Two: 1\r\nx-two: 2\r\nConnection: close\r\n\r\n');
  await once(socket, 'data');
  socket.destroy();
  expect(seen[0]).toEqual(['hOsT', 'shop.test', 'X-Two', '1', 'x-two', '2', 'Connection', 'close']);
});

it('a port that is taken is told at once', async () => {
  const { port } = await front();
  await expect(startFront(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
