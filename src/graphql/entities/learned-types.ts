import { BoundedMap } from '../../keys/bounded-map.ts';
import type { GraphqlRule } from '../../policy/graphql-rule.ts';
import type { SharedMemory } from '../shared-memory.ts';

/** A selection set of a document, by its number, and a type of the policy that its objects may have. */
export type SetType = readonly [set: number, type: string];

/** What answers have shown of the documents that they belong to: the edge has no schema to read it in. */
export interface LearnedTypes {
  /** Sets in which an id can be asked for beside what the document asks for. `digest`: of the document. */
  of(digest: string): Promise<readonly SetType[]>;
  /** Resolves with whether there is more now. */
  learn(digest: string, seen: readonly SetType[]): Promise<boolean>;
  /** An origin that does not answer what was added is asked for nothing more in this document, for an hour. */
  refuse(digest: string): Promise<void>;
}

interface Learned {
  readonly types: readonly SetType[];
  readonly isRefused: boolean;
}

const NOTHING: Learned = { types: [], isRefused: false };
const REFUSED: Learned = { types: [], isRefused: true };
const LEARNED_SECONDS = 86_400;
const REFUSED_SECONDS = 3600;
const MAX_REMEMBERED = 512;
/** Of one document: each makes the request longer. */
const MAX_TYPES = 32;

export function createLearnedTypes(
  { entities }: Pick<GraphqlRule, 'entities'>,
  shared: SharedMemory | null,
): LearnedTypes {
  const here = new BoundedMap<string, Learned>(MAX_REMEMBERED);
  const policy = [...entities].join(';');
  const keyOf = (digest: string) => `claimcache-graphql-types:1:${digest}:${policy}`;

  async function recall(digest: string): Promise<Learned> {
    const known = here.get(digest);
    if (known !== undefined) return known;
    const learned = parsed((await shared?.get(keyOf(digest))) ?? null);
    here.set(digest, learned);
    return learned;
  }

  return {
    async of(digest) {
      return (await recall(digest)).types;
    },
    async learn(digest, seen) {
      const { types, isRefused } = await recall(digest);
      if (isRefused) return false;
      const all = new Map([...types, ...seen].map((one) => [one.join(), one]));
      const learned = { types: [...all.values()].slice(0, MAX_TYPES), isRefused };
      if (learned.types.length === types.length) return false;
      here.set(digest, learned);
      await shared?.set(keyOf(digest), JSON.stringify(learned), LEARNED_SECONDS);
      return true;
    },
    async refuse(digest) {
      here.set(digest, REFUSED);
      await shared?.set(keyOf(digest), JSON.stringify(REFUSED), REFUSED_SECONDS);
    },
  };
}

function parsed(text: string | null): Learned {
  if (text === null) return NOTHING;
  try {
    return JSON.parse(text) as Learned;
  } catch {
    return NOTHING;
  }
}
