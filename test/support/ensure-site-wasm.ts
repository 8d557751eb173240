import { obtainViceroy } from '../../scripts/viceroy.ts';
import { buildService, SITE_SERVICE } from './build-service.ts';

/** Before the tests in the engine: Viceroy is there, and the service of the test site is what the sources say. Returns its path. */
export async function ensureSiteWasm(): Promise<string> {
  await obtainViceroy();
  return buildService(SITE_SERVICE);
}
