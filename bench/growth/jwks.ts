import { buildService } from '../../test/support/build-service.ts';
import { createTokenMint } from '../support/token-mint.ts';
import { constant, startConstantOrigin } from './constant-origin.ts';
import { instructionsOf } from './instructions.ts';

/** Key servers with more and more RSA keys; the one that signs is the last of the set. */
export async function growKeySet(counts: readonly number[]): Promise<Record<string, string | number>[]> {
  const wasm = await buildService({ name: 'bench-jwks', policy: 'bench/policies/jwks.ts' });
  const origin = await startConstantOrigin();
  const rows = [];
  for (const count of counts) {
    const mint = await createTokenMint(['RS256'], count - 1);
    origin.answer((request, response) => {
      if (request.url !== '/jwks') return constant(request, response);
      response.writeHead(200, { 'content-type': 'application/json' }).end(mint.jwks);
    });
    const bearer = async () => ({ authorization: `Bearer ${await mint.issue('RS256', 'u42')}` });
    const seen = await bearer();
    const instructions = await instructionsOf(
      { originUrl: origin.url, wasm, backends: { keys: origin.url } },
      {
        'token seen before': { path: '/api/orders', headers: async () => seen },
        'fresh tokens': { path: '/api/orders', headers: bearer },
      },
    );
    rows.push({
      'keys in the set': count,
      'its bytes': mint.jwks.length,
      ...instructions,
    });
  }
  await origin.stop();
  return rows;
}
