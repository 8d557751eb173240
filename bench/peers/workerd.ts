import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { root } from '../../scripts/root.ts';
import { findProgram, type Peer, startServer } from './peer.ts';

const HOW = 'npm install --no-save workerd';

/** workerd: jose in a Worker, and its Cache API before a store in memory. */
export const workerd: Peer = {
  name: 'workerd, jose and its Cache API',
  algorithm: 'RS256',
  purges: 'by URL: each page of a person has to be known',
  async start({ originUrl, jwks, folder }) {
    const installed = path.join(root, 'node_modules/.bin/workerd');
    const program = existsSync(installed) ? installed : findProgram('workerd', HOW);
    const port = await freePort();
    const own = path.join(folder, 'workerd');
    mkdirSync(own, { recursive: true });
    bundle(path.join(own, 'main.js'));
    copyFileSync(path.join(import.meta.dirname, 'workerd/cache.js'), path.join(own, 'cache.js'));
    const file = path.join(own, 'config.capnp');
    writeFileSync(file, configuration(port, new URL(originUrl).host, jwks));
    const url = `http://127.0.0.1:${port}`;
    const server = await startServer(program, ['serve', file], `${url}/hello`);
    return {
      ...server,
      floorUrl: `${url}/hello`,
      floorPid: server.pid,
      url: `${url}/api/orders`,
      async purge(sub) {
        const { status } = await fetch(`${url}/purge?sub=${encodeURIComponent(sub)}&path=/api/orders`);
        if (status !== 204) throw new Error(`purge: status ${status}`);
      },
    };
  },
};

/** One module with jose in it. */
function bundle(target: string): void {
  const webpack = path.join(root, 'node_modules/webpack/bin/webpack.js');
  const config = path.join(import.meta.dirname, 'workerd/webpack.config.js');
  execFileSync(process.execPath, [webpack, '-c', config, '-o', path.dirname(target)], {
    cwd: root,
    stdio: 'pipe',
  });
}

function configuration(port: number, origin: string, jwks: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "cache", worker = .cache),
    (name = "origin", external = (address = "${origin}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "main.js", esModule = embed "main.js")],
  compatibilityDate = "2025-06-01",
  bindings = [(name = "ORIGIN", service = "origin"), (name = "JWKS", text = ${JSON.stringify(jwks)})],
  globalOutbound = "origin",
  cacheApiOutbound = "cache",
);
const cache :Workerd.Worker = (
  modules = [(name = "cache.js", esModule = embed "cache.js")],
  compatibilityDate = "2025-06-01",
  globalOutbound = "origin",
);
`;
}
