// `node --import ./scripts/tsx.mjs FILE.ts`: TypeScript as it is, or a sentence where that cannot be.
import { missingPrerequisite } from '../cli/base/prerequisites.mjs';

const missing = missingPrerequisite();
if (missing !== null) {
  console.error(missing);
  process.exit(1);
}
await import('tsx');
