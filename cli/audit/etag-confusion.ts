import { bodyOf, type Round } from './copies.ts';
import type { LeakDetector } from './leak-detector.ts';
import type { AuditContext, Persona } from './types.ts';

/** An ETag that confirms the page of somebody else: a browser that two people use would show it. */
export async function etagConfusion(
  { ask }: AuditContext,
  path: string,
  { own, ownElsewhere, others }: Round,
  owner: Persona,
  viewer: Persona,
  leakDetector: LeakDetector,
): Promise<string[]> {
  const etag = own.headers.get('etag');
  if (etag === undefined || own.status !== 200 || bodyOf(own) === bodyOf(others)) return [];
  const isPersonal = leakDetector.showsOwner(owner, own) || leakDetector.showsOwner(viewer, others);
  // A page that changes while its ETag stays says nothing of people: then only a marker does.
  const saysNothing = ownElsewhere.headers.get('etag') === etag && bodyOf(own) !== bodyOf(ownElsewhere);
  if (saysNothing && !isPersonal) return [];
  const found: string[] = [];
  if (others.status === 200 && others.headers.get('etag') === etag) {
    found.push(`GET ${path}: ${viewer.name} gets another page than ${owner.name}, and yet the same ETag`);
  }
  const conditional = await ask(viewer, path, { headers: { 'if-none-match': etag } });
  if (conditional.status === 304) {
    found.push(
      `GET ${path}: the ETag of ${owner.name}'s page is confirmed to ${viewer.name} (304), whose page is another one`,
    );
  }
  return found;
}
