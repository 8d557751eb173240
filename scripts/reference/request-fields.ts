import { ADDRESS_ENDINGS, ADDRESS_NAMES } from '../../src/policy/request-fields/client-address-names.ts';
import { DANGEROUS_FIELDS } from '../../src/policy/request-fields/dangerous-fields.ts';
import { DANGERS } from '../../src/policy/request-fields/dangers.ts';

/** The names of fields that no client may send to an origin: the page `reference/request-fields.md`. */
export function requestFieldsPage(): string {
  const kinds = Object.keys(DANGEROUS_FIELDS) as (keyof typeof DANGEROUS_FIELDS)[];
  return [
    '# Request fields that reach no origin',
    'The names, and why: [Fields that reach no origin](../how-to/origins.md#fields-that-reach-no-origin). A name that ends with `-` or `*` stands for all names that begin with it. Made from the code by `npm run docs:reference`.',
    ...kinds.flatMap((kind) => [`## ${kind}`, sentence(DANGERS[kind]), namesOf(kind)]),
    '## address',
    `${sentence(DANGERS.address)} None of these can be in a route's \`vary\` or a part of a scope. A name that begins with \`*\` stands for all names that end so.`,
    [...ADDRESS_NAMES, ...ADDRESS_ENDINGS.map((name) => `*${name}`)].map(asCode).join(', '),
    '',
  ].join('\n\n');
}

const namesOf = (kind: keyof typeof DANGEROUS_FIELDS) =>
  DANGEROUS_FIELDS[kind].split(/\s+/).map(asCode).join(', ');

const asCode = (name: string) => `\`${name}\``;

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
