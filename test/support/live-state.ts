import type { LiveState } from '../../cli/console/live-state.ts';

/** The state that a page of the console is sent when it connects. */
export async function liveState(consoleUrl: string | URL): Promise<LiveState> {
  const { origin, hash } = new URL(consoleUrl);
  const response = await fetch(`${origin}/events?key=${hash.slice('#key='.length)}`);
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes('\n\n')) text += decoder.decode((await reader?.read())?.value, { stream: true });
  await reader?.cancel();
  return JSON.parse(text.replace(/^data: /, ''));
}
