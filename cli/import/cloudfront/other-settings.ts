import type { Note } from '../draft.ts';
import { descend, flagAt, itemsOf, member, type Tree, textAt, textsOf } from '../source-tree.ts';

/** What stands in a distribution beside its behaviours, and where it goes. */
export function distributionNotes(config: Tree): readonly Note[] {
  const notes: Note[] = [];
  const add = (name: string, text: string, isThere = true) => {
    const tree = member(config, name);
    if (tree !== undefined && isThere) notes.push({ kind: 'not-carried', line: tree.at.line, text });
  };
  const aliases = textsOf(descend(config, 'Aliases', 'Items'));
  add(
    'Aliases',
    `the host names ${aliases.join(', ').slice(0, 300)}: make them domains of the service, and add hosts: [...] to serve no others.`,
    aliases.length > 0,
  );
  const root = textAt(config, 'DefaultRootObject') ?? '';
  add(
    'DefaultRootObject',
    `DefaultRootObject ${JSON.stringify(root.slice(0, 80))}: the origin has to answer "/".`,
    root !== '',
  );
  for (const item of itemsOf(descend(config, 'CustomErrorResponses', 'Items'))) {
    const page = textAt(item, 'ResponsePagePath') ?? '';
    if (page !== '')
      notes.push({
        kind: 'not-carried',
        line: item.at.line,
        text: `the error page ${JSON.stringify(page.slice(0, 80))}: fallbackPage is what a browser gets for a failure of the origin.`,
      });
  }
  const restriction = textAt(config, 'Restrictions', 'GeoRestriction', 'RestrictionType') ?? 'none';
  add(
    'Restrictions',
    `GeoRestriction (${restriction}): countries are not refused here. Do it in handlers.ts or at the origin.`,
    restriction !== 'none',
  );
  add('WebACLId', 'the web ACL (AWS WAF): not part of a policy.', (textAt(config, 'WebACLId') ?? '') !== '');
  add('ViewerCertificate', 'the certificate and TLS settings: those of the domain at Fastly.');
  add('Logging', 'logging: docs/reference/logs.md.', flagAt(config, 'Logging', 'Enabled') === true);
  return notes;
}
