import { type Operation, ok, operation, refused } from './operation.ts';

export interface Store {
  readonly id: string;
  readonly kind: 'config' | 'secret' | 'kv';
  readonly name: string;
  readonly items: Map<string, string>;
}

/**
 * Config, Secret and KV Stores of the account.
 *
 * Source: https://www.fastly.com/documentation/reference/api/services/resources/
 */
export function storing(stores: Store[]): Operation[] {
  const find = (kind: Store['kind'], id = '') =>
    stores.find((store) => store.kind === kind && store.id === id);
  const show = ({ id, name }: Store) => ({ id, name });
  const create = (kind: Store['kind'], name = '') => {
    if (!/^[\w .-]{1,255}$/.test(name)) return refused(400, 'not a name');
    if (stores.some((store) => store.kind === kind && store.name === name)) return refused(409, 'taken');
    const store: Store = { id: `${kind}Store${stores.length + 1}`, kind, name, items: new Map() };
    stores.push(store);
    return ok(show(store));
  };
  const named = (kind: Store['kind'], path: string) => {
    const name = new URL(path, 'http://api').searchParams.get('name');
    return stores.filter((store) => store.kind === kind && (name === null || store.name === name)).map(show);
  };
  const set = (store: Store | undefined, key = '', value = '') => {
    if (store === undefined) return refused(404, 'no such store');
    if (value === '') return refused(400, 'an item without a value');
    store.items.set(key, value);
    return ok({ name: key, item_key: key, item_value: value, store_id: store.id });
  };
  const details = (kind: Store['kind']) =>
    operation(`GET /resources/stores/${kind}/:id`, {}, ({ id }) => {
      const store = find(kind, id);
      return store === undefined ? refused(404, 'no such store') : ok(show(store));
    });
  return [
    ...(['config', 'secret', 'kv'] as const).map(details),

    operation('GET /resources/stores/config', {}, (_, __, call) => ok(named('config', call.path))),
    operation('POST /resources/stores/config', { form: ['name'] }, (_, { name }) => create('config', name)),
    operation(
      'PUT /resources/stores/config/:id/item/:key',
      // Of these the reference has item_value and item_key; the fastly command sends its own field names along.
      { form: ['item_value', 'item_key?', 'StoreID?', 'Key?', 'Upsert?'] },
      ({ id, key }, { item_value }) => set(find('config', id), key, item_value),
    ),

    operation('GET /resources/stores/secret', {}, (_, __, call) =>
      ok({ data: named('secret', call.path), meta: { limit: 100 } }),
    ),
    operation('POST /resources/stores/secret', { json: ['name'] }, (_, { name }) => create('secret', name)),
    ...['POST', 'PUT', 'PATCH'].map((method) =>
      operation(
        `${method} /resources/stores/secret/:id/secrets`,
        { json: ['name', 'secret', 'client_key?'] },
        ({ id }, { name = '', secret = '' }) => {
          const text = Buffer.from(secret, 'base64');
          if (text.toString('base64') !== secret) return refused(400, 'the secret is not base64');
          return /^[\w.-]{1,255}$/.test(name)
            ? set(find('secret', id), name, text.toString())
            : refused(400, 'not a name of a secret');
        },
      ),
    ),

    operation('GET /resources/stores/kv', {}, (_, __, call) =>
      ok({ data: named('kv', call.path), meta: {} }),
    ),
    operation('POST /resources/stores/kv', { json: ['name'] }, (_, { name }) => create('kv', name)),
    operation('PUT /resources/stores/kv/:id/keys/:key', {}, ({ id, key }, _, call) => {
      const ttl = call.headers.time_to_live_sec;
      if (ttl !== undefined && !/^\d+$/.test(String(ttl))) return refused(400, 'time_to_live_sec');
      return set(find('kv', id), key, String(call.body));
    }),
  ];
}
