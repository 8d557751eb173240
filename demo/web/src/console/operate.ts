import type { ConsoleTask } from '../../../../cli/console/console-task.ts';

export type Operated =
  | { readonly ok: true; readonly content: unknown }
  | { readonly ok: false /** In words. */; readonly problem: string };

/** Asks the console to do something in the operator's name. It adds the operator's token, which this page does not have. */
export async function operate(
  consoleKey: string | null,
  task: ConsoleTask,
  order: unknown,
): Promise<Operated> {
  try {
    const response = await fetch(`/${task}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-console-key': consoleKey ?? '' },
      body: JSON.stringify(order),
    });
    return operated(task, response.status, await response.text());
  } catch {
    return { ok: false, problem: 'The console does not answer.' };
  }
}

export function operated(task: ConsoleTask, status: number, text: string): Operated {
  const content = parsed(text);
  if (status >= 200 && status < 300) return { ok: true, content: content ?? text };
  if (status === 404) {
    return { ok: false, problem: `The service has no /.edge/${task}: a newer build of it has.` };
  }
  // The service explains itself in problem details, the console in `error`.
  const { title, detail, code, error } = content ?? {};
  const reasons = [title ?? error, detail, code && `(${code})`].filter(Boolean);
  return { ok: false, problem: `${status}: ${reasons.join(' ') || 'no reason given'}` };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' ? (content as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
