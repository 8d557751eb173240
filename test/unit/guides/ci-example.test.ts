import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowTemplate } from '@actions/workflow-parser';
import { tsImport } from 'tsx/esm/api';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../cli/program.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import policy from '../../site/src/policy.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const content = readFileSync(path.join(root, 'docs/how-to/ci-example.yml'), 'utf8');

/** It imports JSON as bundlers do: Node refuses that, tsx does not. */
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = (await tsImport(
  '@actions/workflow-parser',
  import.meta.url,
)) as typeof import('@actions/workflow-parser');

/** GitHub's own parser, with its schema of workflows and expressions. */
async function parse(text: string): Promise<WorkflowTemplate> {
  const { context, value } = parseWorkflow({ name: 'edge.yml', content: text }, new NoOperationTraceWriter());
  if (value === undefined) throw new Error(context.errors.getErrors().map(String).join('\n'));
  return convertWorkflowTemplate(context, value);
}

const { jobs, errors } = await parse(content);
const steps = jobs.flatMap((job) => (job.type === 'job' ? job.steps : []));
const scripts = steps.flatMap((step) => ('run' in step ? [step.run.toDisplayString()] : []));

describe('docs/how-to/ci-example.yml', () => {
  it('is a workflow, by the parser of GitHub', () => {
    expect(errors).toBeUndefined();
    expect(jobs.map((job) => job.id.value)).toEqual(['test', 'build', 'staging', 'production']);
    expect(scripts.length).toBeGreaterThan(8);
  });

  it.each([
    ['a key that does not exist', content.replace('timeout-minutes', 'timeout-minuets')],
    ['an expression that does not close', content.replace('vars.EDGE_URL }}', 'vars.EDGE_URL }')],
    ['a job that waits for one that is not there', content.replace('needs: build', 'needs: bild')],
  ])('would not be one with %s', async (_, broken) => {
    expect(broken).not.toBe(content);
    const failed = await parse(broken).then(
      (template) => (template.errors ?? []).length > 0,
      () => true,
    );
    expect(failed).toBe(true);
  });

  it('runs what a shell can read', () => {
    for (const script of scripts) {
      expect(spawnSync('bash', ['-n', '-c', script]).status, script).toBe(0);
    }
  });

  it('runs scripts and commands of this project', () => {
    const { scripts: ours } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const world = { out: () => {}, err: () => {}, columns: 80 };
    const program = createProgram({ world, exit: () => {} } as unknown as Parameters<
      typeof createProgram
    >[0]);
    const commands = new Set(program.commands.map((command) => command.name()));
    for (const script of scripts) {
      const [, npm] = /^npm (?!ci$)(?:run )?([\w:]+)/.exec(script) ?? [];
      if (npm !== undefined) expect(ours).toHaveProperty([npm]);
      const [, command] = /^npx claimcache (\w+)/.exec(script) ?? [];
      if (command !== undefined) expect(commands).toContain(command);
      const [, file] = /^node ([\w./-]+)/.exec(script) ?? [];
      if (file !== undefined) expect(existsSync(path.join(root, file)), file).toBe(true);
    }
  });

  it('purges routes that the policy has', () => {
    const routes = new Set(Array.from(compilePolicy(policy).routes, ({ name }) => name));
    const purged = scripts.flatMap((script) =>
      [...script.matchAll(/--route ([\w-]+)/g)].map(([, name]) => name),
    );
    expect(purged.length).toBeGreaterThan(0);
    expect(purged.filter((name) => !routes.has(name ?? ''))).toEqual([]);
  });

  it('gives no job more than it needs, and no secret to a pull request', () => {
    expect(content).toMatch(/^permissions:\n {2}contents: read$/m);
    const [, test = ''] = /\n {2}test:\n([\s\S]*?)\n\n/.exec(content) ?? [];
    expect(test).not.toContain('secrets.');
  });
});
