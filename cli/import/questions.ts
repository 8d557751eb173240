import type { World } from '../base/world.ts';
import type { Answers } from './draft.ts';

/** What is asked of a person, by the name of the option that answers it. */
const QUESTIONS = [
  [
    'issuer',
    'Issuer of the tokens, exactly as `iss` has it (none: it is not checked)',
    'https://login.example.com',
  ],
  [
    'audience',
    'Audience: the `aud` of tokens for this site (none: it is not checked)',
    'https://api.example.com',
  ],
  [
    'jwksUrl',
    'URL of the JWKS (empty: by discovery from the issuer)',
    'https://login.example.com/.well-known/jwks.json',
  ],
] as const;

/** Asks one question; null: the person has left. */
export type Ask = (message: string, placeholder: string) => Promise<string | null>;

/**
 * Asks for what no source has and no option has said. What stays empty becomes a TODO of the policy.
 *
 * @param isSecret - Whether the tokens are signed with a secret: there is no URL of keys then.
 */
export async function askFor(answers: Answers, isSecret: boolean, ask: Ask): Promise<Answers | null> {
  let known = answers;
  for (const [name, message, placeholder] of QUESTIONS) {
    if (known[name] !== undefined || (name === 'jwksUrl' && (isSecret || known.discovery !== undefined)))
      continue;
    const answer = await ask(message, placeholder);
    if (answer === null) return null;
    if (answer.trim() !== '') known = { ...known, [name]: answer.trim() };
  }
  return known;
}

/** On a terminal: by clack, on stderr, since stdout may be where the policy goes. */
export async function terminalAsk(world: World): Promise<Ask> {
  const { isCancel, text } = await import('@clack/prompts');
  return async (message, placeholder) => {
    const output = process.stderr;
    const answer = await text({ message, placeholder, input: world.stdin, output });
    return isCancel(answer) ? null : (answer ?? '');
  };
}
