import { definePolicy } from '../../../src/policy/define.ts';
import {
  contentful,
  sanity,
  standardWebhooks,
  strapi,
  stripe,
  woocommerce,
} from '../../../src/policy/purge-hooks/presets/index.ts';
import { demoApp } from './demo-app.ts';

/** Pages that webhooks purge, each sender with its own signature; and sockets, with and without a scope. */
export default definePolicy({
  origins: {
    app: { backend: 'origin' },
    sockets: { backend: 'sockets', paths: ['/live/**', '/feed/**'] },
  },
  providers: {
    app: { ...demoApp, credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }] },
  },
  scopes: { user: { claims: 'sub' } },
  revocation: { scopes: ['user'] },
  cms: { cookies: [{ name: 'cms', provider: 'app', requiredClaims: { role: 'editor' } }] },
  routes: {
    own: { path: '/own/**', scope: 'user', ttlSeconds: 300 },
    pages: { path: '/pages/**', lane: 'public', ttlSeconds: 300, staleWhileRevalidateSeconds: 300 },
    live: { path: '/live/**', lane: 'pass', websocket: { origins: ['https://app.example.com'] } },
    feed: { path: '/feed/**', scope: 'user', ttlSeconds: 60, revocation: true, websocket: true },
    plain: { path: '/plain/**', lane: 'pass' },
  },
  purgeHooks: {
    own: {
      signature: {
        header: 'X-Signature',
        encoding: 'hex',
        prefix: 'sha256=',
        timestamp: { header: 'X-Time' },
      },
      purge: [{ scope: 'user', value: 'data.customer.id' }],
    },
    contentful: { signature: contentful(), purge: [{ key: 'entry:{sys.id}' }] },
    sanity: { signature: sanity(), purge: [{ url: 'www.example.com/pages/{slug.current}' }] },
    strapi: { signature: strapi(), purge: [{ key: 'article:{entry.id}' }], soft: true },
    shop: {
      signature: woocommerce(),
      purge: [{ url: '{permalink}' }, { key: 'category:{categories.*.id}' }],
    },
    stripe: { signature: stripe(), purge: [{ scope: 'user', value: 'data.object.metadata.user' }] },
    clerk: { signature: standardWebhooks({ fields: 'svix' }), purge: [{ scope: 'user', value: 'data.id' }] },
  },
  hookLimit: { count: 60, rateCounter: 'no_counter', penaltyBox: 'no_box' },
});
