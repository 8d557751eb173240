import { expect, it } from 'vitest';
import { wantsPage } from '../../../src/request/fallback-page.ts';
import { factsOf } from '../support/pipeline.ts';

it.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', null, true],
  ['text/html', 'document', true],
  ['TEXT/HTML;q=0.5', 'iframe', true],
  ['text/html', 'empty', false],
  ['text/html', 'script', false],
  ['*/*', null, false],
  ['application/json', null, false],
  ['text/html;q=0', null, false],
  ['text/html; q=0.000, application/json', null, false],
  ['text/htmlx', null, false],
  [null, 'document', false],
])('Accept: %s for %s: %s', (accept, destination, expected) => {
  const headers = {
    ...(accept === null ? {} : { accept }),
    ...(destination === null ? {} : { 'sec-fetch-dest': destination }),
  };
  expect(wantsPage(factsOf('/', { headers }))).toBe(expected);
});
