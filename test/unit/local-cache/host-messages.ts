import { type HostMemory, OK } from './host-memory.ts';

/** A request or a response of the host. */
export interface Message {
  method?: string;
  uri?: string;
  status?: number;
  readonly headers: [string, string][];
}

/** The host calls of `fastly_http_req` and `fastly_http_resp` that the adapter makes. */
export function hostMessages({ view, text, u16, u32, put }: HostMemory) {
  const messages: Message[] = [];
  const add = (message: Message) => messages.push(message) - 1;
  const message = (handle: number) => messages[handle] as Message;

  /** All at once: the cursor goes to the end. */
  function list(values: readonly string[], out: number, room: number, cursorOut: number, writtenOut: number) {
    view().setBigInt64(cursorOut, -1n, true);
    return put(Buffer.from(values.map((value) => `${value}\0`).join(''), 'latin1'), out, room, writtenOut);
  }

  const headers = {
    new: (out: number) => u32(out, add({ headers: [] })),
    version_get: (_handle: number, out: number) => u32(out, 2),
    version_set: () => OK,
    header_names_get(...[handle, out, room, _cursor, cursorOut, writtenOut]: number[]) {
      const names = message(handle as number).headers.map(([name]) => name);
      return list(
        [...new Set(names)],
        out as number,
        room as number,
        cursorOut as number,
        writtenOut as number,
      );
    },
    header_values_get(...args: number[]) {
      const [handle, name, nameLen, out, room, _cursor, cursorOut, writtenOut] = args as Eight;
      const wanted = text(name, nameLen);
      const values = message(handle).headers.flatMap(([one, value]) => (one === wanted ? [value] : []));
      return list(values, out, room, cursorOut, writtenOut);
    },
    header_append(handle: number, name: number, nameLen: number, value: number, valueLen: number) {
      message(handle).headers.push([text(name, nameLen), text(value, valueLen)]);
      return OK;
    },
  };
  const requests = {
    ...headers,
    method_get: (handle: number, out: number, room: number, writtenOut: number) =>
      put(Buffer.from(message(handle).method ?? 'GET'), out, room, writtenOut),
    method_set(handle: number, at: number, length: number) {
      message(handle).method = text(at, length);
      return OK;
    },
    uri_get: (handle: number, out: number, room: number, writtenOut: number) =>
      put(Buffer.from(message(handle).uri ?? ''), out, room, writtenOut),
    uri_set(handle: number, at: number, length: number) {
      message(handle).uri = text(at, length);
      return OK;
    },
  };
  const responses = {
    ...headers,
    status_get: (handle: number, out: number) => u16(out, message(handle).status ?? 200),
    status_set(handle: number, status: number) {
      message(handle).status = status;
      return OK;
    },
  };
  return { add, message, requests, responses };
}

type Eight = [number, number, number, number, number, number, number, number];
