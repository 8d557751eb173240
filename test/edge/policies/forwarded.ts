import {
  contentful,
  drupal,
  joinCms,
  nextDraft,
  payload,
  strapi,
  wordpress,
} from '../../../src/policy/cms/presets/index.ts';
import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Origins that have a host of their own, editors of six systems, traces, and signed URLs. */
export default definePolicy({
  origins: {
    app: { backend: 'origin', hostHeader: 'App.Internal:8080' },
    same: { backend: 'origin', paths: ['/same/**'] },
  },
  clientAddress: { headers: ['forwarded'] },
  cms: joinCms(wordpress({ shop: true }), drupal(), nextDraft(), strapi(), payload(), contentful(), {
    query: ['_storyblok*'],
  }),
  providers: { app: { credentials: [{ header: 'authorization', scheme: 'Bearer' }], ...demoApp } },
  scopes: { user: { claims: 'sub' } },
  routes: {
    own: { path: '/own/:page', scope: 'user', ttlSeconds: 60 },
    page: { path: '/page/:page', ttlSeconds: 60 },
    data: { path: '/_next/data/**', ttlSeconds: 60 },
    moved: { path: '/moved/:page', ttlSeconds: 60 },
    signed: { path: '/signed/:file', query: 'verbatim', ttlSeconds: 60 },
    live: { path: '/live', lane: 'pass' },
  },
  forwardHeaders: ['traceparent', 'tracestate', 'x-request-id'],
});
