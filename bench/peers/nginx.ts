import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { findProgram, Missing, type Peer, startServer } from './peer.ts';

const HOW = 'Debian: apt-get install nginx libnginx-mod-http-js';

/** nginx: `auth_request` to a verifier in njs, and its proxy cache with the verified `sub` in the key. */
export const nginx: Peer = {
  name: 'nginx, auth_request with njs',
  algorithm: 'RS256',
  purges: 'none in the free version (only by deleting its files)',
  async start({ originUrl, publicKeyDer, folder }) {
    const program = findProgram('nginx', HOW);
    const njs = path.join(path.dirname(program), '../lib/nginx/modules/ngx_http_js_module.so');
    if (!existsSync(njs)) throw new Missing(`nginx has no njs module; ${HOW}`);
    const port = await freePort();
    const own = path.join(folder, 'nginx');
    mkdirSync(own, { recursive: true });
    const file = path.join(own, 'nginx.conf');
    writeFileSync(file, configuration({ port, njs, own, publicKeyDer, origin: new URL(originUrl).host }));
    const url = `http://127.0.0.1:${port}`;
    const server = await startServer(program, ['-p', own, '-c', file, '-e', 'stderr'], `${url}/hello`);
    return {
      ...server,
      floorUrl: `${url}/hello`,
      floorPid: server.pid,
      url: `${url}/api/orders`,
      purge: null,
    };
  },
};

function configuration({
  port,
  njs,
  own,
  publicKeyDer,
  origin,
}: Record<'njs' | 'own' | 'publicKeyDer' | 'origin', string> & { port: number }): string {
  return `
load_module ${njs};
daemon off;
# One process, as the others have.
master_process off;
pid ${own}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${own}/body;
  proxy_temp_path ${own}/proxy;
  fastcgi_temp_path ${own}/fastcgi;
  uwsgi_temp_path ${own}/uwsgi;
  scgi_temp_path ${own}/scgi;
  proxy_cache_path ${own}/cache keys_zone=pages:10m;
  js_path ${path.join(import.meta.dirname, 'nginx')};
  js_import auth from auth.js;
  js_var $jwt_sub;
  upstream origin { server ${origin}; keepalive 8; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    set $jwt_public_key "${publicKeyDer}";
    location = /hello { return 200 "hello"; }
    location /api/ {
      auth_request /_auth;
      auth_request_set $sub $jwt_sub;
      proxy_cache pages;
      proxy_cache_key "$sub $request_uri";
      proxy_cache_valid 200 1h;
      # It says private, and private it is: the key says whose.
      proxy_ignore_headers Cache-Control;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass http://origin;
      add_header X-Cache $upstream_cache_status;
    }
    location = /_auth { internal; js_content auth.verify; }
  }
}
`;
}
