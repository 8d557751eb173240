import type { IncomingMessage } from 'node:http';
import type { PurgeHistory } from '../log/purge-history.ts';
import { type AskService, refusal, type ServiceAnswer, type ServiceTask } from './ask-service.ts';
import type { ConsoleTask } from './console-task.ts';
import { readSwitchOrder, type WriteSwitch } from './switch-order.ts';

const MAX_BODY_BYTES = 65_536;

export interface Operator {
  /** null where no operator's token is known: then nothing can be purged or explained. */
  readonly askService: AskService | null;
  /** null where the console cannot write the Config Store. */
  readonly writeSwitch: WriteSwitch | null;
  readonly ordered: PurgeHistory['ordered'];
  readonly nowMs: () => number;
}

/** Does what the page asks for. Whether it may ask is checked before: admit.ts. */
export async function doTask(
  task: ConsoleTask,
  request: IncomingMessage,
  { askService, writeSwitch, ordered, nowMs }: Operator,
): Promise<ServiceAnswer> {
  const body = await readBody(request);
  if (body === null) return refusal(413, 'too large');
  if (task === 'switch') return writeOrder(body, writeSwitch);
  if (askService === null)
    return refusal(
      503,
      'the console has no operator\u2019s token: start it with CLAIMCACHE_OPERATOR_TOKEN and --local',
    );
  const answer = await askService(task, body);
  const order = purgedBy(task, answer);
  if (order !== null) ordered({ ...order, timeMs: nowMs() });
  return answer;
}

async function writeOrder(body: string, writeSwitch: WriteSwitch | null): Promise<ServiceAnswer> {
  const order = readSwitchOrder(body);
  if (order === null) return refusal(400, 'no switch that the console writes');
  if (writeSwitch === null) return refusal(503, 'the console cannot write the Config Store');
  return writeSwitch(order);
}

/** The keys that a purge has taken; null for every other answer. */
function purgedBy(task: ServiceTask, { status, body }: ServiceAnswer) {
  if (task !== 'purge' || status !== 200) return null;
  try {
    const { purged, soft } = JSON.parse(body) as { purged?: unknown; soft?: unknown };
    if (!Array.isArray(purged) || purged.length === 0) return null;
    return { keys: purged.map(String), soft: soft === true };
  } catch {
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
