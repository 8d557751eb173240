import { expect, it } from 'vitest';
import { readSwitches } from '../../src/switches.ts';
import { policy } from './support/way.ts';

const read = (items: Readonly<Record<string, string>>) =>
  readSwitches({ config: () => (item) => items[item] ?? null }, policy);

it('case and white space around a value count for nothing', () => {
  const switches = read({
    cache: 'PASS\n',
    'lane.scoped': ' Observe',
    'route.orders': 'pass\r\n',
    https: 'Require ',
    cache_engine: 'CORE',
  });
  expect(switches).toMatchObject({ allPass: true, https: 'require', engine: 'core' });
  expect([switches.lane('scoped'), switches.route('orders')]).toEqual(['observe', 'pass']);
});

it('a value that no switch knows is as if it were not there', () => {
  const switches = read({ cache: 'passing', 'lane.scoped': 'off', https: 'on', cache_engine: 'vcl' });
  expect(switches).toMatchObject({ allPass: false, https: null, engine: 'auto' });
  expect([switches.lane('scoped'), switches.route('orders')]).toEqual(['on', 'on']);
});

it('a key version is taken to the letter', () => {
  expect(read({ key_version: ' A\n' }).keyVersion).toBe(' A\n');
});
