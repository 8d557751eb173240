import { randomBytes } from 'node:crypto';
import { promise } from './check.ts';
import type { LeakDetector } from './leak-detector.ts';
import { isHit, readAnswer } from './read-answer.ts';
import type { AuditContext, Check, Target } from './types.ts';

/**
 * Paths that an origin may answer with a protected page, while a cache takes them for an asset (web cache deception): the person first,
 * then somebody without any credential.
 */
export async function lookalikes(
  context: AuditContext,
  target: Target,
  leakDetector: LeakDetector,
): Promise<Check[]> {
  if (target.route.scope === null && target.kind !== 'cms') return [];
  const [owner = context.personas.editor] =
    target.kind === 'cms' ? [context.personas.editor] : context.personas.users;
  const evidence: string[] = [];
  for (const path of spellings(target.path)) {
    await context.ask(owner, path);
    const answer = await context.ask(context.personas.anonymous, path);
    if (isHit(readAnswer(answer, target)))
      evidence.push(`GET ${path}: only ${owner.name} had asked for it, and yet it is a HIT`);
  }
  const seen = leakDetector
    .takeSightings()
    .map(({ viewer, what, request }) => `${viewer} sees ${what}: ${request}`);
  return [
    promise('lookalike', 'no path that looks like this one gives its page away', [...evidence, ...seen]),
  ];
}

function spellings(target: string): string[] {
  const path = (target.split('?', 1)[0] ?? target).replace(/\/+$/, '');
  const word = randomBytes(6).toString('hex');
  return [
    `${path}/${word}.css`,
    `${path};${word}.css`,
    `${path}%2f${word}.css`,
    `${path.toUpperCase()}?${word}`,
  ];
}
