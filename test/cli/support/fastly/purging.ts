import { type Operation, ok, operation, type RecordedCall, refused } from './operation.ts';

/** Source: https://www.fastly.com/documentation/reference/api/purging/ */
export function purging(isService: (id: string) => boolean, accepted: string[]): Operation[] {
  const purge = (service: string, keys: readonly string[] | null) => {
    if (!isService(service)) return refused(404, 'no such service');
    if (keys === null || keys.length === 0 || keys.length > 256) {
      return refused(400, '1 to 256 surrogate keys');
    }
    accepted.push(...keys);
    return ok(Object.fromEntries(keys.map((name, i) => [name, `108-${i}`])));
  };
  return [
    operation('POST /service/:service/purge', {}, ({ service = '' }, _, call) =>
      purge(service, listedKeys(call)),
    ),
    operation('POST /service/:service/purge/:key', {}, ({ service = '', key = '' }) => purge(service, [key])),
    operation('POST /service/:service/purge_all', {}, ({ service = '' }) =>
      isService(service) ? ok({ status: 'ok' }) : refused(404, 'no such service'),
    ),
  ];
}

/** In a header, or as JSON in the body. */
function listedKeys(call: RecordedCall): string[] | null {
  const header = call.headers['surrogate-key'];
  if (typeof header === 'string') return header.split(' ');
  if (!/^application\/json/.test(call.headers['content-type'] ?? '')) return null;
  const { surrogate_keys: keys } = (call.body ?? {}) as { surrogate_keys?: unknown };
  const isList = Array.isArray(keys) && keys.every((item) => typeof item === 'string' && !/\s/.test(item));
  return isList ? keys : null;
}
