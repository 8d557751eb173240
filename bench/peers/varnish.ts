import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { send } from '../../test/support/send.ts';
import { findProgram, Missing, type Peer, startServer } from './peer.ts';

const HOW = 'Debian: apt-get install varnish varnish-modules varnish-vmod-digest';

/** Varnish: the token is verified in VCL. Debian has no module for RSA, so that it gets HS256, which is less work. */
export const varnish: Peer = {
  name: 'Varnish, HS256 in VCL',
  algorithm: 'HS256',
  purges: 'by key (xkey)',
  async start({ originUrl, secret, folder }) {
    const program = findProgram('varnishd', HOW);
    const modules = modulesOf(program);
    const own = path.join(folder, 'varnish');
    mkdirSync(own, { recursive: true });
    const file = path.join(own, 'default.vcl');
    const vcl = readFileSync(path.join(import.meta.dirname, 'varnish/default.vcl'), 'utf8');
    writeFileSync(file, vcl.replace('ORIGIN_PORT', new URL(originUrl).port).replace('SECRET', secret));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const server = await startServer(
      program,
      ['-F', '-j', 'none', '-n', own, '-a', `127.0.0.1:${port}`, '-f', file, '-p', `vmod_path=${modules}`],
      `${url}/hello`,
    );
    return {
      ...server,
      floorUrl: `${url}/hello`,
      floorPid: server.pid,
      url: `${url}/api/orders`,
      async purge(sub) {
        const { status } = await send(url, '/', { method: 'PURGE', headers: { xkey: `user:${sub}` } });
        if (status !== 200) throw new Error(`purge: status ${status}`);
      },
    };
  },
};

function modulesOf(program: string): string {
  const lib = path.join(path.dirname(program), '../lib');
  const folders = existsSync(lib) ? [lib, ...readdirSync(lib).map((name) => path.join(lib, name))] : [];
  const found = folders
    .map((folder) => path.join(folder, 'varnish/vmods'))
    .find((folder) =>
      ['digest', 'xkey'].every((name) => existsSync(path.join(folder, `libvmod_${name}.so`))),
    );
  if (found === undefined) throw new Missing(`Varnish lacks the modules digest and xkey; ${HOW}`);
  return found;
}
