/** What the console may ask of the service in the operator's name. */
export type ServiceTask = 'purge' | 'explain' | 'status';

export interface ServiceAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

export type AskService = (task: ServiceTask, body: string) => Promise<ServiceAnswer>;

const TIMEOUT_MS = 15_000;

/** Asks the operator's endpoints. The token stays in this process: the page never sees it. */
export function serviceAsker(fetchLike: typeof fetch, origin: string, token: string): AskService {
  return async (task, body) => {
    try {
      const response = await fetchLike(`${origin}/.edge/${task}`, {
        ...(task === 'status' ? { method: 'GET' } : { method: 'POST', body }),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: response.status, body: await response.text() };
    } catch {
      return refusal(502, `the service at ${origin} does not answer`);
    }
  };
}

/** Why nothing was done, as the page reads it. */
export function refusal(status: number, error: string): ServiceAnswer {
  return { status, body: JSON.stringify({ error }) };
}
