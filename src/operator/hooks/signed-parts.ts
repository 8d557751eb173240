import type { ReadonlyFields } from '../../http/fields.ts';
import { idField, SIGNED_FIELDS } from '../../policy/purge-hooks/delivery.ts';
import type { HookSignature } from '../../policy/purge-hooks/hook-signature.ts';

/** What of a delivery is looked at, beside its body. */
export interface DeliveryHead {
  /** Of the request, without a query. */
  readonly path: string;
  readonly headers: ReadonlyFields;
}

/** A signature as it was sent, and what it has to be one of. */
export interface SignedParts {
  /** One of them has to be right. */
  readonly codes: readonly string[];
  /** What was signed before the body. */
  readonly before: string;
  /** As it was sent, and signed; null: the scheme has none. */
  readonly time: string | null;
}

/** While a secret changes there are two. */
const MAX_CODES = 5;
const MAX_FIELDS = 32;
const TIME = /^[1-9]\d{0,15}$/;

type Hmac = Extract<HookSignature, { kind: 'hmac' }>;

/** What is signed of a delivery, by the scheme of its hook. A text: why that cannot be told. */
export function signedParts(signature: Hmac, head: DeliveryHead): SignedParts | string {
  const sent = head.headers.get(signature.header);
  if (sent === null) return `no ${signature.header}`;
  if (signature.format === 'timestamped') return pairsIn(sent);
  const field = signature.timestamp?.header ?? '';
  const time = field === '' ? null : (head.headers.get(field) ?? '');
  // Two fields of one name are joined by a comma, and no time.
  if (time !== null && !TIME.test(time)) return `no time in ${field}`;
  switch (signature.format) {
    case 'standard-webhooks':
      return standard(sent, time ?? '', head.headers.get(idField(signature.header)));
    case 'contentful':
      return contentful(sent, time ?? '', head);
    case 'plain':
      if (!sent.startsWith(signature.prefix)) return `${signature.header} does not begin with the prefix`;
      return {
        codes: [sent.slice(signature.prefix.length)],
        before: signature.before.replace('{timestamp}', time ?? ''),
        time,
      };
  }
}

/** `t=1700000000,v1=<code>`: one time, one code or several, and what other versions may be beside them. */
function pairsIn(sent: string): SignedParts | string {
  const pairs = sent.split(',', MAX_FIELDS).map((pair) => /^\s*([a-z0-9]+)=(\S+)\s*$/.exec(pair));
  const valuesOf = (name: string) => pairs.flatMap((pair) => (pair?.[1] === name ? [pair[2] ?? ''] : []));
  const [time = '', ...others] = valuesOf('t');
  if (!TIME.test(time) || others.length > 0) return 'no single time t in the signature';
  return { codes: valuesOf('v1').slice(0, MAX_CODES), before: `${time}.`, time };
}

function standard(sent: string, time: string, id: string | null): SignedParts | string {
  if (id === null || !/^[\w.:-]{1,256}$/.test(id)) return 'no id of the message';
  const codes = sent
    .split(' ', MAX_FIELDS)
    .flatMap((entry) => (entry.startsWith('v1,') ? [entry.slice('v1,'.length)] : []));
  return { codes: codes.slice(0, MAX_CODES), before: `${id}.${time}.`, time };
}

/** The names and the time are always signed themselves, so that neither can be changed. */
const ALWAYS_SIGNED = [SIGNED_FIELDS, 'x-contentful-timestamp'];

function contentful(sent: string, time: string, { path, headers }: DeliveryHead): SignedParts | string {
  const named =
    headers
      .get(SIGNED_FIELDS)
      ?.toLowerCase()
      .split(',', MAX_FIELDS + 1) ?? [];
  if (named.length > MAX_FIELDS) return 'too many signed fields';
  const names = new Set([
    ...named.map((name) => name.trim()).filter((name) => headers.has(name)),
    ...ALWAYS_SIGNED,
  ]);
  const sorted = [...names].sort();
  const lines = sorted.map((name) => {
    const value = name === SIGNED_FIELDS ? sorted.join(',') : (headers.get(name) ?? '');
    return `${name}:${value.trim()}`;
  });
  return { codes: [sent], before: `POST\n${path}\n${lines.join(';')}\n`, time };
}
