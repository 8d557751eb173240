import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';

/** Where distributions keep them. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * What a program needs in its environment that asks for the system's certificates: Viceroy does not start where there are none, as in the
 * slim images of Node. Node carries its own, and lends them, as a file in `folder`.
 */
export function certificateEnvIn(folder: string): Record<string, string> {
  if (process.platform !== 'linux' || hasCertificates()) return {};
  const file = path.join(folder, 'certificates.pem');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${rootCertificates.join('\n')}\n`);
  return { SSL_CERT_FILE: file };
}

/** The variables may be another machine's, and name what is not here. */
function hasCertificates(): boolean {
  const { SSL_CERT_FILE, SSL_CERT_DIR } = process.env;
  if ([SSL_CERT_FILE, ...BUNDLES].some((file) => file && existsSync(file))) return true;
  return !!SSL_CERT_DIR && existsSync(SSL_CERT_DIR) && readdirSync(SSL_CERT_DIR).length > 0;
}
