import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { cacheExchange, createClient, fetchExchange } from '@urql/core';

export const LIST = 'query List { todos { id title owner { id canary } } }';
export const ADD = 'mutation Add($title: String!) { addTodo(title: $title) { id title } }';

/** A client as an application has it, asking the network each time. */
export interface GraphqlClient {
  query(text: string): Promise<unknown>;
  mutate(text: string, variables: Record<string, unknown>): Promise<unknown>;
}

/** @param requests - Gets what the edge answers, in order. */
export function clientOf(
  kind: 'apollo' | 'urql',
  url: string,
  token: string,
  requests: { cache: string | null; text: string }[],
): GraphqlClient {
  const watched: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    requests.push({ cache: response.headers.get('x-cache'), text: await response.clone().text() });
    return response;
  };
  const headers = { authorization: `Bearer ${token}` };
  if (kind === 'apollo') {
    const link = new HttpLink({ uri: url, fetch: watched, headers });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    return {
      query: async (text) =>
        (await client.query({ query: apolloGql(text), fetchPolicy: 'network-only' })).data,
      mutate: async (text, variables) => (await client.mutate({ mutation: apolloGql(text), variables })).data,
    };
  }
  const client = createClient({
    url,
    fetch: watched,
    fetchOptions: { headers },
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: false,
  });
  return {
    async query(text) {
      const { data, error } = await client.query(text, {}, { requestPolicy: 'network-only' }).toPromise();
      if (error) throw error;
      return data;
    },
    async mutate(text, variables) {
      const { data, error } = await client.mutation(text, variables).toPromise();
      if (error) throw error;
      return data;
    },
  };
}
