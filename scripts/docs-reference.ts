import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { advicePage } from './reference/advice.ts';
import { apiPage } from './reference/api.ts';
import { cmsPresetsPage } from './reference/cms-presets.ts';
import { errorsPage } from './reference/errors.ts';
import { headersPage } from './reference/headers.ts';
import { logsPage } from './reference/logs.ts';
import { optionsPage } from './reference/options.ts';
import { pagesWithParts } from './reference/parts.ts';
import { policyTypesPage } from './reference/policy-types.ts';
import { requestFieldsPage } from './reference/request-fields.ts';
import { isMain, root } from './root.ts';

/** The pages of the reference that are made from the code, by file. `test/unit/reference.test.ts` holds them against what is checked in. */
export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    ['docs/reference/settings.md', policyTypesPage()],
    ['docs/reference/options.md', optionsPage()],
    ['docs/reference/api.md', apiPage()],
    ['docs/reference/cms-presets.md', cmsPresetsPage()],
    ['docs/reference/request-fields.md', requestFieldsPage()],
    ['docs/reference/hits.md', advicePage()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/logs.md', logsPage()],
    ['docs/reference/headers.md', headersPage()],
  ]);

/** `npm run docs:reference` */
if (isMain(import.meta.url)) {
  for (const [file, text] of [...referencePages(), ...pagesWithParts()]) {
    writeFileSync(path.join(root, file), text);
    console.log(`${file}: ${text.split(/\s+/).length} words`);
  }
}
