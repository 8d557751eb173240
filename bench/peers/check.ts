import { send } from '../../test/support/send.ts';
import type { Peer, RunningPeer } from './peer.ts';

export type Issue = (sub: string) => Promise<string>;

/**
 * A peer that is not safe, or does not cache, is not doing the same job: this fails before anything is measured. Returns
 * what it has shown.
 */
export async function checkPeer({ name }: Peer, { url, purge }: RunningPeer, issue: Issue): Promise<string> {
  const { origin, pathname } = new URL(url);
  const ask = async (token: string | null) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const { status, headers: answered, text } = await send(origin, pathname, { headers });
    return { status, cache: answered['x-cache'], text };
  };
  const must = (what: string, holds: boolean) => {
    if (!holds) throw new Error(`${name} fails: ${what}`);
  };
  const alice = await issue('alice');
  const [head, body, signature = ''] = (await issue('mallory')).split('.');
  must('nobody is refused', (await ask(null)).status === 401);
  const forged = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  must('a forged token is refused', (await ask(forged)).status === 401);
  const first = await ask(alice);
  must('a first visit is a MISS', first.status === 200 && first.cache === 'MISS');
  // Some write to their cache after they have answered.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const again = await ask(alice);
  must('a second visit is a HIT', again.status === 200 && again.cache === 'HIT' && again.text === first.text);
  must('a refreshed token still hits', (await ask(await issue('alice'))).cache === 'HIT');
  const other = await ask(await issue('bob'));
  must('another person does not see it', other.cache === 'MISS' && other.text !== first.text);
  if (purge === null) return 'no purge';
  await new Promise((resolve) => setTimeout(resolve, 200));
  await purge('alice');
  must('a purged person is a MISS', (await ask(alice)).cache === 'MISS');
  must('another one is still a HIT', (await ask(await issue('bob'))).cache === 'HIT');
  return 'purges one person';
}
