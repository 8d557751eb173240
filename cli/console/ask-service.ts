/** What the console may ask of the service in the operator's name. */
export type ServiceTask = 'purge' | 'explain';

export interface ServiceAnswer {
  readonly status: number;
  readonly body: string;
}

export type AskService = (task: ServiceTask, body: string) => Promise<ServiceAnswer>;

const TIMEOUT_MS = 15_000;

/** Asks the operator's endpoints. The token stays in this process: the page never sees it. */
export function serviceAsker(fetchLike: typeof fetch, origin: string, token: string): AskService {
  return async (task, body) => {
    try {
      const response = await fetchLike(`${origin}/.edge/${task}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: response.status, body: await response.text() };
    } catch {
      return { status: 502, body: JSON.stringify({ error: `the service at ${origin} does not answer` }) };
    }
  };
}
