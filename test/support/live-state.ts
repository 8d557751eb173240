import type { LiveNews } from '../../cli/log/live-news.ts';
import { requestsOf } from '../../cli/log/sums.ts';

/** The state that a page of the console is sent when it connects. */
export async function liveState(consoleUrl: string | URL): Promise<LiveNews> {
  const { origin, hash } = new URL(consoleUrl);
  const response = await fetch(`${origin}/events?key=${hash.slice('#key='.length)}`);
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes('\n\n')) text += decoder.decode((await reader?.read())?.value, { stream: true });
  await reader?.cancel();
  return JSON.parse(text.replace(/^event: state\ndata: /, ''));
}

/** How many requests the console has counted. */
export async function countedRequests(consoleUrl: string | URL): Promise<number> {
  return requestsOf((await liveState(consoleUrl)).totals);
}
