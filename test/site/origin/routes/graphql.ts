import { createHash, randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import {
  buildSchema,
  type ExecutionResult,
  getOperationAST,
  graphql,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { canaryOf, type Person } from '../../people.ts';
import { requirePerson } from '../caller.ts';
import type { State, Todo } from '../state.ts';

const schema = buildSchema(`
  type Query {
    me: Person!
    todos: [Todo!]!
    todo(id: ID!): Todo
    announcement: Announcement!
    announcements: [Announcement!]!
    "Fails each time, beside data."
    broken: String
  }
  type Mutation {
    addTodo(title: String!): Todo!
    "Made, and answered with an error all the same."
    addTodoBadly(title: String!): Todo
    "By anybody."
    announce(id: ID!): Announcement!
  }
  type Subscription { todoAdded: Todo! }
  type Person { id: ID! name: String! canary: String! }
  type Todo { id: ID! title: String! owner: Person! render: String! }
  type Announcement { id: ID! text: String! render: String! }
`);

interface Asked {
  readonly query?: unknown;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: string } } | null;
}

interface Outcome {
  readonly status: number;
  readonly result: ExecutionResult;
}

/**
 * A small GraphQL server: `/graphql` for who is signed in, `/public/graphql` for everybody. POST and GET, batches, automatic
 * persisted queries. It says nothing of freshness: that is the policy's.
 */
export function graphqlRoutes(state: State): Router {
  const router = Router();
  const answer = async (request: Request, response: Response) => {
    const person: Person | null = response.locals.person ?? null;
    const asked: unknown = request.method === 'GET' ? fromQuery(request.query) : request.body;
    const byGet = request.method === 'GET';
    if (Array.isArray(asked)) {
      const outcomes = await Promise.all(asked.map((one: Asked) => run(state, person, one, byGet)));
      response.json(outcomes.map(({ result }) => result));
      return;
    }
    const { status, result } = await run(state, person, (asked ?? {}) as Asked, byGet);
    response.status(status).set('Surrogate-Key', 'graphql').json(result);
  };
  router.get('/graphql', requirePerson, answer);
  router.post('/graphql', requirePerson, answer);
  router.post('/entities/graphql', requirePerson, answer);
  router.get('/public/graphql', answer);
  router.post('/public/graphql', answer);
  return router;
}

async function run(
  state: State,
  person: Person | null,
  { query, operationName, variables, extensions }: Asked,
  byGet: boolean,
): Promise<Outcome> {
  const hash = extensions?.persistedQuery?.sha256Hash;
  const text = typeof query === 'string' ? query : hash === undefined ? undefined : state.documents.get(hash);
  // As the servers of the field do: 200, so that clients read the body.
  if (text === undefined && hash !== undefined) {
    return failure(200, 'PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
  }
  if (text === undefined) return failure(400, 'no document');
  if (hash !== undefined && createHash('sha256').update(text).digest('hex') !== hash) {
    return failure(400, 'provided sha does not match query');
  }
  if (hash !== undefined) state.documents.set(hash, text);
  try {
    const document = parse(text);
    if (validate(schema, document, specifiedRules).length > 0)
      return failure(400, 'the document is not valid');
    const operation = getOperationAST(document, operationName)?.operation;
    if (operation === 'subscription') return failure(400, 'no subscriptions here');
    if (byGet && operation === 'mutation') return failure(405, 'a GET changes nothing');
  } catch {
    return failure(400, 'the document does not parse');
  }
  const rootValue = rootOf(state, person);
  const result = await graphql({
    schema,
    source: text,
    rootValue,
    variableValues: variables ?? null,
    operationName: operationName ?? null,
  });
  return { status: 200, result };
}

function rootOf(state: State, person: Person | null) {
  const signedIn = () => {
    if (person === null) throw new Error('sign in first');
    return person;
  };
  const todosOf = ({ sub }: Person) => state.todos.get(sub) ?? [];
  const show = (todo: Todo, owner: Person) => ({
    ...todo,
    owner: () => showPerson(owner),
    render: randomUUID(),
  });
  const showPerson = (owner: Person) => ({ id: owner.sub, name: owner.name, canary: canaryOf(owner) });
  const add = (title: string) => {
    const owner = signedIn();
    const todos = todosOf(owner);
    const todo = { id: String(todos.length + 1), title };
    state.todos.set(owner.sub, [...todos, todo]);
    return show(todo, owner);
  };
  const announcement = (id: string) => ({ id, text: 'Open on Monday.', render: randomUUID() });
  return {
    me: () => showPerson(signedIn()),
    todos: () => todosOf(signedIn()).map((todo) => show(todo, signedIn())),
    todo: ({ id }: { id: string }) => {
      const todo = todosOf(signedIn()).find((one) => one.id === id);
      return todo === undefined ? null : show(todo, signedIn());
    },
    announcement: () => announcement('1'),
    announcements: () => ['1', '2'].map(announcement),
    announce: ({ id }: { id: string }) => announcement(id),
    broken: () => {
      throw new Error('it is broken');
    },
    addTodo: ({ title }: { title: string }) => add(title),
    addTodoBadly: ({ title }: { title: string }) => {
      add(title);
      throw new Error('it was made all the same');
    },
  };
}

function fromQuery(query: Request['query']): Asked {
  const json = (name: string) => (typeof query[name] === 'string' ? JSON.parse(query[name]) : null);
  return {
    query: query.query,
    operationName: typeof query.operationName === 'string' ? query.operationName : null,
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function failure(status: number, message: string, code = 'BAD_REQUEST'): Outcome {
  return { status, result: { errors: [{ message, extensions: { code } }] } as unknown as ExecutionResult };
}
