import path from 'node:path';
import { certificateEnvIn } from '../cli/dev/local-server/certificates.ts';
import { root } from './root.ts';

/** What a program needs in its environment that asks for the system's certificates. */
export function certificateEnv(): Record<string, string> {
  return certificateEnvIn(path.join(root, 'build'));
}
