import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** GraphQL: of one person, of everybody, and with every limit small. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  cms: { cookies: ['cms_session'] },
  providers: { app: demoApp },
  scopes: { user: { claims: 'sub' } },
  routes: {
    graphql: {
      path: '/graphql',
      scope: 'user',
      graphql: {
        types: { Todo: { ttlSeconds: 60 }, Person: true },
        fields: {
          todos: { types: ['Todo'], ttlSeconds: 300 },
          todo: { types: ['Todo'] },
          me: { ttlSeconds: 300 },
          announcement: { ttlSeconds: 20 },
          broken: { ttlSeconds: 300 },
        },
        documents: {
          mine: '{ me { id canary } }',
          add: 'mutation ($title: String!) { addTodo(title: $title) { id } }',
        },
      },
    },
    entities: {
      path: '/entities/graphql',
      scope: 'user',
      ttlSeconds: 60,
      graphql: { entities: { Todo: 'id' } },
    },
    public_graphql: {
      path: '/public/graphql',
      lane: 'public',
      ttlSeconds: 60,
      graphql: {
        types: { Announcement: true },
        entities: { Announcement: 'id' },
        mutations: { addTodo: ['Announcement'] },
        unknownHash: 'ask',
        limits: { bodyBytes: 2000 },
      },
    },
    // What the scripted tests of bodies ask.
    scripted: {
      path: '/scripted',
      scope: 'user',
      ttlSeconds: 60,
      graphql: { limits: { answerBytes: 5000 } },
    },
  },
});
