import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { lookup } from 'mrmime';

/** As the demo's pages: nothing but this server's own files, and requests to it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

/** `/`, its scripts and styles, and the icon. The build has more pages: they are the demo's, and not served here. */
const FILES = /^\/app\/(?:assets\/[\w-]+\.(?:js|css)|icon\.svg)$/;

/** Sends a file of the page; false where the path is none. */
export async function sendPageFile(response: ServerResponse, folder: string, url: string): Promise<boolean> {
  const file = url === '/' ? 'console/index.html' : FILES.test(url) ? url.slice('/app/'.length) : null;
  if (file === null) return false;
  let content: Buffer;
  try {
    content = await readFile(path.join(folder, file));
  } catch {
    return false;
  }
  response.writeHead(200, { ...HEADERS, 'content-type': lookup(file) ?? 'application/octet-stream' });
  response.end(content);
  return true;
}
