// workerd leaves the store of its Cache API to a service: GET asks, PUT brings a whole response as bytes, PURGE deletes.
const stored = new Map();

export default {
  async fetch(request) {
    if (request.method === 'GET') {
      const entry = stored.get(request.url);
      if (entry === undefined)
        return new Response(null, { status: 504, headers: { 'cf-cache-status': 'MISS' } });
      return new Response(entry.body, { headers: { ...entry.headers, 'cf-cache-status': 'HIT' } });
    }
    if (request.method === 'PUT') {
      const bytes = new Uint8Array(await request.arrayBuffer());
      const text = new TextDecoder('latin1').decode(bytes);
      const end = text.indexOf('\r\n\r\n');
      const headers = text
        .slice(0, end)
        .split('\r\n')
        .slice(1)
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
      stored.set(request.url, { headers: Object.fromEntries(headers), body: bytes.slice(end + 4) });
      return new Response(null, { status: 204 });
    }
    if (request.method === 'PURGE')
      return new Response(null, { status: stored.delete(request.url) ? 200 : 404 });
    return new Response(null, { status: 405 });
  },
};
