// njs: verifies a token (RS256), and says whose it is.
async function verify(r) {
  const token = (r.headersIn.Authorization || '').replace(/^Bearer /, '').split('.');
  try {
    const header = JSON.parse(Buffer.from(token[0], 'base64url').toString());
    const claims = JSON.parse(Buffer.from(token[1], 'base64url').toString());
    const rules = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const der = Buffer.from(r.variables.jwt_public_key, 'base64');
    const key = await crypto.subtle.importKey('spki', der, rules, false, ['verify']);
    const signed = Buffer.from(`${token[0]}.${token[1]}`);
    const isGood = await crypto.subtle.verify(rules, key, Buffer.from(token[2], 'base64url'), signed);
    const isAlive = typeof claims.exp === 'number' && claims.exp > Date.now() / 1000;
    if (header.alg !== 'RS256' || !isGood || !isAlive || claims.iss !== 'https://asymmetric.test')
      return r.return(401);
    r.variables.jwt_sub = claims.sub;
    r.return(204);
  } catch (_) {
    r.return(401);
  }
}

export default { verify };
