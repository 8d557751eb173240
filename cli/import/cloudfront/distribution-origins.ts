import type { OriginInput } from '../../../src/policy/origins.ts';
import type { FoundSecret, Note } from '../draft.ts';
import { nameOf } from '../name-of.ts';
import { descend, flagAt, itemsOf, member, type Tree, textAt } from '../source-tree.ts';
import type { Behaviour } from './behaviour.ts';

/** Origins by their identifiers, that of the default behaviour first: it has what no other claims. */
export function originsOf(
  config: Tree,
  ids: readonly string[],
  behaviours: readonly Behaviour[],
  notes: Note[],
  secrets: FoundSecret[],
): Readonly<Record<string, OriginInput>> {
  const items = itemsOf(descend(config, 'Origins', 'Items'));
  const groups = itemsOf(descend(config, 'OriginGroups', 'Items'));
  const origins: Record<string, OriginInput> = {};
  for (const id of ids) {
    const group = groups.find((item) => textAt(item, 'Id') === id);
    const first = textAt(itemsOf(descend(group, 'Members', 'Items'))[0], 'OriginId') ?? id;
    if (group !== undefined)
      notes.push({
        kind: 'not-carried',
        line: group.at.line,
        text: `the failover of the origin group ${short(id)}: its first origin alone is asked.`,
      });
    const item = items.find((origin) => textAt(origin, 'Id') === first);
    const name = ids.length === 1 ? 'app' : nameOf(first, Object.keys(origins), 'origin');
    const domain = textAt(item, 'DomainName');
    const backend = ids.length === 1 ? 'origin' : name;
    const keepsHost = behaviours.filter(({ originId }) => originId === id).some(getsHost);
    const lock = lockOf(item, notes, secrets);
    origins[name] = {
      backend,
      ...(domain === undefined || keepsHost || !/^[A-Za-z0-9.-]+$/.test(domain)
        ? {}
        : { hostHeader: domain }),
      ...lock,
    };
    if (item === undefined) continue;
    notes.push({
      kind: 'done',
      line: item.at.line,
      text: `origin ${short(id)}: the backend "${backend}" of fastly.toml, at ${short(domain ?? '?')}.`,
    });
    if ((textAt(item, 'OriginPath') ?? '') !== '')
      notes.push({
        kind: 'not-carried',
        line: item.at.line,
        text: `OriginPath ${short(textAt(item, 'OriginPath') ?? '')}: the origin gets the path as the client asked for it.`,
      });
    if (member(item, 'S3OriginConfig') !== undefined)
      notes.push({
        kind: 'not-carried',
        line: item.at.line,
        text: `origin ${short(id)} is a bucket of S3: CloudFront's access to it does not come along. Let the backend reach it, or put a server before it.`,
      });
    if (flagAt(item, 'OriginShield', 'Enabled'))
      notes.push({
        kind: 'not-carried',
        line: item.at.line,
        text: `the shield of origin ${short(id)}: docs/how-to/shielding.md.`,
      });
  }
  return origins;
}

function getsHost({ cache, request }: Behaviour): boolean {
  if (cache.headers.some((name) => name.toLowerCase() === 'host')) return true;
  if (request === null) return false;
  const { headers } = request;
  if (headers.mode === 'all') return true;
  if (!('names' in headers)) return false;
  const has = headers.names.some((name) => name.toLowerCase() === 'host');
  return headers.mode === 'allExcept' ? !has : has;
}

/** The first header that CloudFront adds for its origin: what such headers are for is that nobody else can. */
function lockOf(
  item: Tree | undefined,
  notes: Note[],
  secrets: FoundSecret[],
): { lock?: { header: string; item: string } } {
  const [first, ...more] = itemsOf(descend(item, 'CustomHeaders', 'Items'));
  for (const header of more)
    notes.push({
      kind: 'not-carried',
      line: header.at.line,
      text: `the header ${short(textAt(header, 'HeaderName') ?? '')} for the origin: one header locks an origin here.`,
    });
  const header = textAt(first, 'HeaderName')?.toLowerCase();
  if (first === undefined || header === undefined || !/^[a-z0-9-]{1,64}$/.test(header)) return {};
  const secret = secrets.length === 0 ? 'origin_secret' : `origin_secret_${secrets.length + 1}`;
  secrets.push({ item: secret, value: textAt(first, 'HeaderValue') ?? null, line: first.at.line });
  notes.push({
    kind: 'done',
    line: first.at.line,
    text: `the header ${header} for the origin is its lock; the value is the secret ${secret}.`,
  });
  return { lock: { header, item: secret } };
}

function short(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
