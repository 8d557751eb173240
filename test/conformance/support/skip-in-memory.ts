import path from 'node:path';
import { beforeAll, beforeEach } from 'vitest';
import { MEMORY_SKIPS } from './memory-skips.ts';

type Task = { readonly name: string; readonly tasks?: readonly Task[] };

const namesOf = ({ name, tasks }: Task): readonly string[] => tasks?.flatMap(namesOf) ?? [name];
const skipsOf = (file: string) => MEMORY_SKIPS.filter((skip) => skip.file === path.basename(file));

// biome-ignore lint/correctness/noEmptyPattern: vitest reads which fixtures it wants
beforeAll(({}, suite) => {
  const names = namesOf(suite);
  for (const { test } of skipsOf(suite.file.filepath)) {
    if (!names.includes(test)) throw new Error(`memory-skips.ts names a test that is not there: ${test}`);
  }
});

beforeEach(({ task, skip }) => {
  const skipped = skipsOf(task.file.filepath).find(({ test }) => test === task.name);
  if (skipped !== undefined) skip(skipped.why);
});
