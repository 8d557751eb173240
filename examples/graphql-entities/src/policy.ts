import { definePolicy } from 'claimcache';

/** A GraphQL API whose answers are cached for each person, and purged by the objects that are in them. */
export default definePolicy({
  origins: { api: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } } },
  providers: {
    app: {
      issuer: 'todo-app',
      audience: 'todo-app',
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'app_secret', format: 'raw' },
    },
  },
  scopes: { user: { claims: 'sub' } },
  routes: {
    graphql: {
      path: '/graphql',
      scope: 'user',
      ttlSeconds: { default: 60 },
      graphql: { entities: { Todo: 'id' }, mutations: { addTodo: ['Todo'] } },
    },
  },
  fallback: 'pass',
});
