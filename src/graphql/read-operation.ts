import { BoundedMap } from '../keys/bounded-map.ts';
import type { GraphqlRule } from '../policy/graphql-rule.ts';
import { createReadDocument, type DocumentFacts } from './document.ts';
import { createAskedDocuments } from './entities/asked-documents.ts';
import {
  bodyEnvelope,
  type Envelope,
  queryEnvelope,
  urlCompetes,
  writeBody,
  writeParameters,
} from './envelope.ts';
import type { AskedDocument, GraphqlOperation } from './graphql-operation.ts';
import { sha256Hex } from './sha256-hex.ts';
import type { SharedMemory } from './shared-memory.ts';

/** What a client sends, with nothing decided about it. */
export interface GraphqlInput {
  /** The body of a POST; null: it is a GET. */
  readonly body: string | null;
  /** Of the URL, without `?`. */
  readonly query: string;
  readonly accept: string | null;
}

type QueryFacts = Extract<DocumentFacts, { kind: 'query' }>;

/** How long a place remembers the document behind a hash. */
const LEARNED_SECONDS = 86_400;
const MAX_REMEMBERED = 512;
const MAX_REMEMBERED_LENGTH = 4096;

/**
 * A function that reads what a request asks for. It parses a text once, and knows an input that it has seen.
 * A hash stands for a text only where that text has come with it and has that SHA-256.
 */
export function createReadOperation(
  rule: GraphqlRule,
  shared: SharedMemory | null,
): (input: GraphqlInput) => Promise<GraphqlOperation> {
  const readDocument = createReadDocument(rule);
  const documents = createAskedDocuments(rule, shared, () => {
    // The requests to the origin change.
    known = new BoundedMap(MAX_REMEMBERED);
  });
  let known = new BoundedMap<string, GraphqlOperation>(MAX_REMEMBERED);
  const learned = new BoundedMap<string, DocumentFacts>(MAX_REMEMBERED);

  return async function readOperation({ body, query, accept: accepted }) {
    const accept = acceptOf(accepted);
    const memoryKey = JSON.stringify([body, query, accept]);
    const remembered = known.get(memoryKey);
    if (remembered !== undefined) return remembered;
    const operation = await read({ body, query, accept });
    if (operation.kind === 'query' && memoryKey.length <= MAX_REMEMBERED_LENGTH) {
      known.set(memoryKey, operation);
    }
    return operation;
  };

  async function read({ body, query, accept }: GraphqlInput & { accept: string }): Promise<GraphqlOperation> {
    if (body !== null && urlCompetes(query)) return { kind: 'unreadable' };
    const { envelope, rest, speaks } =
      body === null ? queryEnvelope(query) : { envelope: bodyEnvelope(body), rest: query, speaks: false };
    const unreadable: GraphqlOperation = speaks
      ? { kind: 'unreadable', mayWrite: true }
      : { kind: 'unreadable' };
    if (envelope === 'batch') return { kind: 'batch' };
    if (envelope === null) return unreadable;
    const { text, hash } = envelope;
    if (text !== null && hash !== null && (await sha256Hex(text)) !== hash) return unreadable;
    const facts = await factsOf(envelope);
    const form = body === null ? 'GET' : 'POST';
    // A GET changes nothing (RFC 9110 section 9.2.1), whatever is behind the hash; a POST may be a mutation.
    if (facts === 'unknown') {
      return form === 'GET' ? toQuery(form, envelope, rest, accept, null) : { kind: 'unlearned' };
    }
    if (facts === null) return unreadable;
    if (text !== null && hash !== null) await learn(hash, facts);
    if (facts.kind === 'query') return toQuery(form, envelope, rest, accept, facts);
    if (facts.kind !== 'mutation') return { kind: facts.kind };
    const { roots, plan } = facts;
    // A GET of one is refused by its origin, or nobody knows what it means there.
    if (roots === undefined || plan === undefined || body === null) return { kind: 'mutation' };
    return { kind: 'mutation', roots, asked: await documents.ofMutation(body, envelope, plan) };
  }

  async function toQuery(
    form: 'GET' | 'POST',
    envelope: Envelope,
    rest: string,
    accept: string,
    facts: QueryFacts | null,
  ): Promise<GraphqlOperation> {
    const { text, hash, id, operationName, variables } = envelope;
    // Where the origin gets no text, the text is not what the answer comes from: the hash or the identifier is.
    const source = [text === null ? null : facts?.digest, hash, id === null ? null : [id.member, id.value]];
    return {
      kind: 'query',
      digest: await sha256Hex(JSON.stringify([form, accept, source, operationName, variables])),
      body: form === 'POST' ? writeBody(envelope) : null,
      parameters: form === 'GET' ? writeParameters(envelope) : '',
      rest,
      accept,
      fields: facts?.fields ?? null,
      asked: rule.entities.size === 0 ? null : await askedOf(form, envelope, facts),
    };
  }

  async function askedOf(
    form: 'GET' | 'POST',
    envelope: Envelope,
    facts: QueryFacts | null,
  ): Promise<AskedDocument | 'unread'> {
    if (facts === null || facts.plan === null) return 'unread';
    return documents.ofQuery(
      form === 'POST' ? writeBody : writeParameters,
      envelope,
      facts.digest,
      facts.plan,
    );
  }

  /** null: the text does not parse. `unknown`: nobody has told the text. */
  async function factsOf({ text, hash, id }: Envelope): Promise<DocumentFacts | null | 'unknown'> {
    if (text !== null) return readDocument(text);
    const trusted = rule.documents.get(id?.value ?? hash ?? '');
    if (trusted !== undefined) return readDocument(trusted);
    return hash === null ? 'unknown' : ((await recall(hash)) ?? 'unknown');
  }

  async function learn(hash: string, facts: DocumentFacts): Promise<void> {
    if (learned.get(hash) !== undefined) return;
    learned.set(hash, facts);
    await shared?.set(sharedKey(rule, hash), JSON.stringify(facts), LEARNED_SECONDS);
  }

  async function recall(hash: string): Promise<DocumentFacts | null> {
    const here = learned.get(hash);
    if (here !== undefined) return here;
    const text = (await shared?.get(sharedKey(rule, hash))) ?? null;
    if (text === null) return null;
    try {
      const facts = JSON.parse(text) as DocumentFacts;
      learned.set(hash, facts);
      return facts;
    } catch {
      return null;
    }
  }
}

/** Changes with the meaning of what is remembered: how answers are read is part of it. */
function sharedKey(
  { entities, mutations }: Pick<GraphqlRule, 'entities' | 'mutations'>,
  hash: string,
): string {
  const isLookedInto = entities.size + mutations.size > 0;
  return `claimcache-graphql-document:4:${hash}:${isLookedInto}:${[...entities].join(';')}`;
}

const RESPONSE_JSON = 'application/graphql-response+json';

/** What an origin is asked for: with the newer media type it may use error statuses, which older clients do not expect. */
function acceptOf(field: string | null): string {
  return field?.toLowerCase().includes(RESPONSE_JSON)
    ? `${RESPONSE_JSON}, application/json;q=0.9`
    : 'application/json';
}
