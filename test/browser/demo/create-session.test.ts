import { describe, expect, test } from 'vitest';
import { createSession } from '../../../demo/web/src/session/create-session.ts';

/** A session whose questions are answered when the test says so. */
function slowSession() {
  const answers: ((who: string | null | Error) => void)[] = [];
  const announced: string[] = [];
  const find = () =>
    new Promise<string | null>((resolve, reject) => {
      answers.push((who) => (who instanceof Error ? reject(who) : resolve(who)));
    });
  const session = createSession<string>(find, () => announced.push('changed'));
  const answer = (i: number, who: string | null | Error) => answers[i]?.(who);
  return { session, answer, announced };
}

describe('the session of a page', () => {
  test('shows nothing before it is known whose it is', async () => {
    const { session, answer } = slowSession();
    const checked = session.check();
    expect(session.current()).toEqual({ kind: 'hidden' });
    answer(0, 'alice');
    await checked;
    expect(session.current()).toEqual({ kind: 'known', who: 'alice' });
  });

  test('of two questions the later one counts, whichever is answered first', async () => {
    const { session, answer } = slowSession();
    const both = [session.check(), session.check()];
    answer(1, 'bob');
    answer(0, 'alice');
    await Promise.all(both);
    expect(session.current()).toEqual({ kind: 'known', who: 'bob' });
  });

  test('an answer that was on its way when the page was left, or somebody signed out, is no longer true', async () => {
    for (const leave of ['hide', 'signOut'] as const) {
      const { session, answer } = slowSession();
      const checked = session.check();
      if (leave === 'hide') session.hide();
      else await session.change(async () => null);
      answer(0, 'alice');
      await checked;
      expect(session.current().kind).toBe(leave === 'hide' ? 'hidden' : 'nobody');
    }
  });

  test('a change is announced when it is made, and a failed one is not', async () => {
    const { session, announced } = slowSession();
    await expect(session.change(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(announced).toEqual([]);
    await session.change(async () => 'alice');
    expect([session.current(), announced]).toEqual([{ kind: 'known', who: 'alice' }, ['changed']]);
  });

  test('no answer leaves a page that is shown as it is, and one that is hidden without data', async () => {
    const { session, answer } = slowSession();
    await session.change(async () => 'alice');
    const first = session.check();
    answer(0, new Error('down'));
    await first;
    expect(session.current()).toEqual({ kind: 'known', who: 'alice' });
    session.hide();
    const second = session.check();
    answer(1, new Error('down'));
    await second;
    expect(session.current()).toEqual({ kind: 'unknown', message: 'down' });
  });
});
