import { surrogateKey } from '../keys/surrogate-key.ts';
import type { GraphqlRule } from './policy.ts';
import type { RouteInput } from './routes/route.ts';

/** null: the route is no GraphQL endpoint. */
export function compileGraphql(input: RouteInput['graphql']): GraphqlRule | null {
  if (input === undefined || input === false) return null;
  const {
    types = {},
    fields = {},
    documents = {},
    unknownHash = 'pass',
    limits,
  } = input === true ? {} : input;
  const named = Object.values(fields).flatMap((field) => field.types ?? []);
  const rules = new Map<string, { ttlSeconds: number | null; surrogateKey: string | null }>();
  // What a field names need not be said again under `types`.
  for (const name of named) rules.set(name, { ttlSeconds: null, surrogateKey: surrogateKey('type', [name]) });
  for (const [name, type] of Object.entries(types)) {
    const { ttlSeconds = null, surrogateKey: tagged = true } = type === true ? {} : type;
    rules.set(name, { ttlSeconds, surrogateKey: tagged ? surrogateKey('type', [name]) : null });
  }
  return {
    types: rules,
    fields: new Map(
      Object.entries(fields).map(([name, field]) => [
        name,
        { ttlSeconds: field.ttlSeconds ?? null, types: field.types ?? [] },
      ]),
    ),
    documents: new Map(Object.entries(documents)),
    unknownHash,
    limits: {
      bodyBytes: limits?.bodyBytes ?? 65_536,
      answerBytes: limits?.answerBytes ?? 262_144,
      tokens: limits?.tokens ?? 2000,
      depth: limits?.depth ?? 50,
    },
  };
}
