import { Writable } from 'node:stream';
import type { World } from '../base/world.ts';
import type { Answers } from './draft.ts';

/** A question to the user: the option that answers it, and the setting that is open without it. */
const QUESTIONS = [
  [
    'issuer',
    'issuer',
    'Issuer of the tokens, exactly as `iss` has it (none: it is not checked)',
    'https://login.example.com',
  ],
  [
    'audience',
    'audience',
    'Audience: the `aud` of tokens for this site (none: it is not checked)',
    'https://api.example.com',
  ],
  [
    'jwksUrl',
    'keys',
    'URL of the JWKS (empty: by discovery from the issuer)',
    'https://login.example.com/.well-known/jwks.json',
  ],
] as const;

/** Asks one question; null: the person has left. */
export type Ask = (message: string, placeholder: string) => Promise<string | null>;

/**
 * Asks for what no source has and no option has said. What stays empty becomes a TODO of the policy.
 *
 * @param todos - What is open, as the policy would say it: `providers.idp.issuer: …`.
 */
export async function askFor(answers: Answers, todos: readonly string[], ask: Ask): Promise<Answers | null> {
  let known = answers;
  for (const [name, setting, message, placeholder] of QUESTIONS) {
    if (!todos.some((todo) => todo.split(':')[0]?.endsWith(`.${setting}`))) continue;
    const answer = await ask(message, placeholder);
    if (answer === null) return null;
    if (answer.trim() !== '') known = { ...known, [name]: answer.trim() };
  }
  return known;
}

/** On a terminal: by clack. Not on stdout, which may be where the policy goes. */
export async function terminalAsk(world: World): Promise<Ask> {
  const { isCancel, text } = await import('@clack/prompts');
  const output = new Writable({
    write(chunk, _encoding, done) {
      world.err(String(chunk));
      done();
    },
  });
  return async (message, placeholder) => {
    const answer = await text({ message, placeholder, input: world.stdin, output });
    return isCancel(answer) ? null : (answer ?? '');
  };
}
