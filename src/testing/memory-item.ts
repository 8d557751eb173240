import type { Encoding } from '../http/accept-encoding.ts';
import type { CoreInsert } from '../platform/core-cache-port.ts';

export interface Item {
  readonly options: CoreInsert;
  readonly insertedAtMs: number;
  readonly variant: string;
  chunks: Uint8Array[];
  /** As the platform has it: the length of what is not whole is not known, and its readers come to an end all the same. */
  state: 'open' | 'whole' | 'broken';
  /** Resolves when there is more, or the end. */
  more: Latch;
  softPurged: boolean;
}

interface Latch {
  readonly opened: Promise<void>;
  open(): void;
}

export function latch(): Latch {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** What has been written, and what still is. */
export function bodyOf(item: Item | undefined): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (item !== undefined && next >= item.chunks.length && item.state === 'open')
        await item.more.opened;
      const chunk = item?.chunks[next++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

export function variantOf({ vary }: CoreInsert, encoding: Encoding | null): string {
  return JSON.stringify(vary.map((name) => (name === 'accept-encoding' ? encoding : null)));
}
