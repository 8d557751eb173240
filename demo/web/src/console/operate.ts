export interface Operated {
  readonly ok: boolean;
  /** JSON, indented; or what went wrong. */
  readonly text: string;
}

/** Asks the console to purge or to explain. It adds the operator's token, which this page does not have. */
export async function operate(
  consoleKey: string | null,
  task: 'purge' | 'explain',
  order: unknown,
): Promise<Operated> {
  try {
    const response = await fetch(`/${task}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-console-key': consoleKey ?? '' },
      body: JSON.stringify(order),
    });
    return { ok: response.ok, text: indented(await response.text()) };
  } catch {
    return { ok: false, text: 'The console does not answer.' };
  }
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
