import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: where fastly.toml, src/policy.ts and .demo/ are. */
export const projectRoot = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
