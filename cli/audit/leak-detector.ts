import type { Answer, Persona, Personas } from './types.ts';

/** Fields that the service must never let out: they name users, and teach how to purge. */
const INTERNAL = /^(?:surrogate-(?:key|control)|cdn-cache-control|x-claimcache-.*|fastly-.*)$/;
/** A shorter cookie value turns up by chance. */
const MIN_SECRET = 12;

/** Something of one person, seen by another. */
export interface Sighting {
  readonly viewer: string;
  readonly owner: string;
  /** `marker 1 of bob in the body`; never the marker itself, which may be somebody's name. */
  readonly what: string;
  readonly request: string;
}

export interface LeakDetector {
  /**
   * Looks at an answer that `viewer` got. `request` is how to name it.
   *
   * @param alsoAs - Others whose credential was sent, too.
   */
  examine(viewer: Persona, answer: Answer, request: string, alsoAs: readonly Persona[]): void;
  /** What has been seen since the last call. */
  takeSightings(): Sighting[];
  /** Internal fields that went out, since the last call. */
  takeInternalFields(): string[];
  /** Whether the answer shows that it is this person's own page. */
  showsOwner(owner: Persona, answer: Answer): boolean;
}

interface Mark {
  readonly owner: string;
  readonly what: string;
  /** The ways in which it may stand in a page. */
  readonly spellings: readonly string[];
  readonly isOf: (persona: Persona) => boolean;
}

/** Every answer of the audit passes here, whatever it was asked for: what belongs to somebody else is seen once it turns up anywhere. */
export function createLeakDetector({ users, editor, groupMarkers }: Personas): LeakDetector {
  const marks = [...[...users, editor].flatMap(marksOf), ...[...groupMarkers].flatMap(groupMarks)];
  let sightings: Sighting[] = [];
  let internal = new Set<string>();
  return {
    examine(viewer, answer, request, alsoAs) {
      for (const name of answer.headers.keys())
        if (INTERNAL.test(name)) internal.add(`${name} in the answer to ${request}`);
      for (const mark of marks) {
        if ([viewer, ...alsoAs].some(mark.isOf)) continue;
        const place = placeOf(mark, answer);
        if (place !== null)
          sightings.push({
            viewer: viewer.name,
            owner: mark.owner,
            what: `${mark.what} in ${place}`,
            request,
          });
      }
    },
    takeSightings() {
      const taken = sightings;
      sightings = [];
      return taken;
    },
    takeInternalFields() {
      const taken = [...internal];
      internal = new Set();
      return taken;
    },
    showsOwner: (owner, answer) =>
      marks.some((mark) => mark.owner === owner.name && mark.isOf(owner) && placeOf(mark, answer) !== null),
  };
}

function marksOf(persona: Persona): Mark[] {
  const { name } = persona;
  const isOf = (other: Persona) => other.name === name;
  const secrets = [persona.credential, persona.second ?? {}].flatMap(secretsOf);
  return [
    ...persona.markers.map((marker, i) => ({
      owner: name,
      what: `marker ${i + 1} of ${name}`,
      spellings: spellingsOf(marker),
      isOf,
    })),
    // A page that repeats what it was asked with tells whose it is, too.
    ...[...new Set(secrets)].map((secret) => ({
      owner: name,
      what: `the credential of ${name}`,
      spellings: [secret],
      isOf,
    })),
  ];
}

function secretsOf(credential: Readonly<Record<string, string>>): string[] {
  return Object.entries(credential)
    .flatMap(([field, value]) =>
      field === 'cookie'
        ? value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
        : [value.replace(/^Bearer /, '')],
    )
    .filter((secret) => secret.length >= MIN_SECRET && secret !== 'claimcache-audit');
}

function groupMarks([group, markers]: readonly [string, readonly string[]]): Mark[] {
  return markers.map((marker, i) => ({
    owner: `group ${group}`,
    what: `marker ${i + 1} of the group ${group}`,
    spellings: spellingsOf(marker),
    isOf: ({ groups }) => [...groups.values()].includes(group),
  }));
}

/** As it is, and as JSON in ASCII, HTML and a URL would write it. */
function spellingsOf(marker: string): string[] {
  const json = JSON.stringify(marker).slice(1, -1);
  const ascii = json.replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const html = marker.replace(/[&<>"']/g, (char) => `&${ENTITIES[char] ?? ''};`);
  return [
    ...new Set([
      marker,
      json,
      ascii,
      html,
      html.replaceAll('&#39;', '&#x27;'),
      encodeURIComponent(Buffer.from(marker).toString()),
    ]),
  ];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": '#39',
};

function placeOf({ spellings }: Mark, { text, headers, setCookies }: Answer): string | null {
  for (const spelling of spellings) {
    if (text.includes(spelling)) return 'the body';
    for (const [name, value] of headers) if (value.includes(spelling)) return `the header ${name}`;
    if (setCookies.some((value) => value.includes(spelling))) return 'the header set-cookie';
  }
  return null;
}
