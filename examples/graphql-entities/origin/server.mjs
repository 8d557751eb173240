import { createServer } from 'node:http';
import { buildSchema, graphql } from 'graphql';
import { bodyOf, isFromTheEdge, json } from './answer.mjs';

const schema = buildSchema(`
  type Todo { id: ID! title: String! done: Boolean! }
  type Query { todos: [Todo!]! todo(id: ID!): Todo }
  type Mutation { addTodo(title: String!): Todo! finish(id: ID!): Todo }
`);
/** Of one person, by the claim `sub`. */
const lists = new Map();

createServer(async (request, response) => {
  if (request.url === '/') return json(response, 200, { name: 'todos' });
  if (!isFromTheEdge(request)) return json(response, 403, { title: 'Only the edge may ask.' });
  const { sub } = JSON.parse(request.headers['x-claimcache-claims'] ?? '{}');
  if (!lists.has(sub)) lists.set(sub, [{ id: '1', title: `The first of ${sub}`, done: false }]);
  const todos = lists.get(sub);
  const todo = ({ id }) => todos.find((one) => one.id === id) ?? null;
  const rootValue = {
    todos,
    todo,
    addTodo({ title }) {
      todos.push({ id: String(todos.length + 1), title, done: false });
      return todos.at(-1);
    },
    finish({ id }) {
      const one = todo({ id });
      if (one !== null) one.done = true;
      return one;
    },
  };
  const { query, variables } = JSON.parse(await bodyOf(request));
  const answer = await graphql({ schema, source: query, rootValue, variableValues: variables });
  json(response, 200, answer, { 'cache-control': 'private, max-age=60' });
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
