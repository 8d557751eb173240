import { promise } from './check.ts';
import { expectedLane } from './expected-lane.ts';
import { readAnswer } from './read-answer.ts';
import type { AuditContext, Check, Persona, Target } from './types.ts';

/** HEAD before GET, and after it: no body is lost, and none of another page's headers turn up. */
export async function headRequests(context: AuditContext, target: Target): Promise<Check[]> {
  // HEAD asks nothing of a GraphQL endpoint: it passes.
  if (target.route.graphql !== null) return [];
  const { anonymous, users } = context.personas;
  const asker = (target.route.scope === null ? [anonymous] : users).find((persona) =>
    ['scoped', 'public'].includes(expectedLane(context.policy, target, persona).lane),
  );
  return asker === undefined ? [] : [await head(context, target, asker)];
}

async function head({ ask, fresh }: AuditContext, target: Target, persona: Persona): Promise<Check> {
  const whole = await ask(persona, fresh(target));
  const path = fresh(target);
  const before = await ask(persona, path, { method: 'HEAD' });
  const get = await ask(persona, path);
  const after = await ask(persona, path, { method: 'HEAD' });
  const evidence: string[] = [];
  if (before.bodyBytes + after.bodyBytes > 0) evidence.push('the answer to a HEAD has a body');
  if (whole.bodyBytes > 0 && get.bodyBytes === 0)
    evidence.push(`GET ${path}: no body, because a HEAD came before (${readAnswer(get, target).state})`);
  for (const [when, answer] of [
    ['before', before],
    ['after', after],
  ] as const) {
    if (answer.status !== get.status)
      evidence.push(`HEAD ${when} the GET gets ${answer.status}, GET ${get.status}`);
  }
  const lengthOf = (answer: typeof get) => answer.headers.get('content-length');
  if (
    readAnswer(after, target).state === 'HIT' &&
    lengthOf(after) !== undefined &&
    lengthOf(after) !== String(get.bodyBytes)
  )
    evidence.push(`HEAD says Content-Length ${lengthOf(after)}, GET has ${get.bodyBytes} bytes`);
  if (readAnswer(after, target).state === 'HIT' && after.headers.get('etag') !== get.headers.get('etag'))
    evidence.push('HEAD after the GET has another ETag');
  return promise('head', `HEAD and GET agree for ${persona.name}`, evidence);
}
