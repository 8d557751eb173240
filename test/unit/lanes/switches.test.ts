import { describe, expect, it } from 'vitest';
import { readSwitches } from '../../../src/lanes/switches.ts';
import { policy } from '../support/pipeline.ts';

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
  expect(switches).toMatchObject({ all: 'pass', https: 'require', engine: 'core' });
  expect([switches.lane('scoped'), switches.route('orders')]).toEqual(['observe', 'pass']);
});

it('a value that no switch knows is as if it were not there', () => {
  const switches = read({ cache: 'passing', 'lane.scoped': 'off', https: 'on', cache_engine: 'vcl' });
  expect(switches).toMatchObject({ all: 'on', https: null, engine: 'auto' });
  expect([switches.lane('scoped'), switches.route('orders')]).toEqual(['on', 'on']);
});

it('a key version is taken to the letter', () => {
  expect(read({ key_version: ' A\n' }).keyVersion).toBe(' A\n');
});

it.each([
  ['readthrough', 'readthrough'],
  ['native', 'readthrough'],
  ['core', 'core'],
])('`cache_engine = %s` forces the engine %s', (value, engine) => {
  expect(read({ cache_engine: value }).engine).toBe(engine);
});

describe('what cannot be read', () => {
  const failing = (...names: string[]) =>
    readSwitches(
      {
        config: () => (item) => {
          if (names.includes(item)) throw new Error('the look-up failed');
          return null;
        },
      },
      policy,
    );

  it.each(['cache', 'key_version'])('%s: everything passes, for either may stand there', (name) => {
    expect(failing(name).all).toBe('unreadable');
  });

  it('a switch of a route or a lane: that passes, and nothing else', () => {
    const switches = failing('route.orders', 'lane.public');
    expect(switches.all).toBe('on');
    expect([switches.route('orders'), switches.route('other')]).toEqual(['unreadable', 'on']);
    expect([switches.lane('public'), switches.lane('scoped')]).toEqual(['unreadable', 'on']);
  });

  it('the engine and https: as the policy says', () => {
    expect(failing('cache_engine', 'https')).toMatchObject({ all: 'on', engine: 'auto', https: null });
  });
});
