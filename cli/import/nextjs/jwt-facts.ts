import type { CredentialInput } from '../../../src/policy/providers/credential-sources.ts';
import type { Answers, Note } from '../draft.ts';
import type { SessionCode } from './session-code.ts';

/** What is known of a session that is a JWT; null: it is none, or cannot be told which cookie it is. */
export function jwtFacts({ cookies, readsAuthorization, jwt }: SessionCode, answers: Answers, notes: Note[]) {
  const names = [...new Set(cookies.map(({ name }) => name))];
  const [only] = names;
  const cookie =
    answers.tokenCookie ?? jwt?.cookie ?? (jwt !== null && names.length === 1 ? only : undefined);
  for (const { name, line } of cookies.filter(({ name }) => name !== cookie))
    notes.push({
      kind: 'changed',
      line,
      text: `the cookie ${name}: what it is cannot be told, so that ${jwt === null ? 'the covered paths pass. If it is a JWT, add --token-cookie' : 'nothing depends on it here. If pages differ by it, make it a part of the scope, as'} ${name}.`,
    });
  if (answers.tokenCookie === undefined && (jwt === null || (cookie === undefined && !readsAuthorization)))
    return null;
  const credentials: CredentialInput[] = [
    ...(readsAuthorization ? [{ header: 'authorization', scheme: 'Bearer' }] : []),
    ...(cookie === undefined ? [] : [{ cookie }]),
  ];
  notes.push({
    kind: 'done',
    line: jwt?.line ?? 0,
    text: `the session ${cookie === undefined ? 'in Authorization' : `cookie ${cookie}`} is a JWT, verified before the cache is asked.`,
  });
  const isSecret = jwt?.isSecret === true && jwt.jwksUrl === null && answers.algorithm === undefined;
  const algorithms =
    jwt !== null && jwt.algorithms.length > 0 ? jwt.algorithms : isSecret ? (['HS256'] as const) : undefined;
  return {
    credentials,
    ...(algorithms === undefined ? {} : { algorithms }),
    ...(isSecret ? { secretItem: 'session_secret' } : {}),
    ...(jwt?.jwksUrl ? { keys: { jwksUrl: jwt.jwksUrl, backend: 'idp' } } : {}),
    ...(jwt?.issuer ? { issuer: jwt.issuer } : {}),
    ...(jwt?.audience ? { audience: jwt.audience } : {}),
  };
}
