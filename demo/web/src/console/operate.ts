export type Task = 'purge' | 'explain';

export interface Operated {
  readonly ok: boolean;
  /** JSON, indented; or what went wrong, in words. */
  readonly text: string;
}

/** Asks the console to purge or to explain. It adds the operator's token, which this page does not have. */
export async function operate(consoleKey: string | null, task: Task, order: unknown): Promise<Operated> {
  try {
    const response = await fetch(`/${task}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-console-key': consoleKey ?? '' },
      body: JSON.stringify(order),
    });
    return operated(task, response.status, await response.text());
  } catch {
    return { ok: false, text: 'The console does not answer.' };
  }
}

export function operated(task: Task, status: number, text: string): Operated {
  const content = parsed(text);
  if (status >= 200 && status < 300) {
    return { ok: true, text: content === null ? text : JSON.stringify(content, null, 2) };
  }
  if (status === 404)
    return { ok: false, text: `The service has no /.edge/${task}. Publish a newer build of it.` };
  // The service explains itself in problem details, the console in `error`.
  const { title, detail, code, error } = content ?? {};
  const reasons = [title ?? error, detail, code && `(${code})`].filter(Boolean);
  return { ok: false, text: `${status}: ${reasons.join(' ') || 'no reason given'}` };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' ? (content as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
