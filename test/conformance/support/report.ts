import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { root } from '../../../scripts/root.ts';
import { withoutSecrets } from './without-secrets.ts';

interface Reported {
  readonly file: string;
  readonly test: string;
  readonly state: string;
  readonly ms: number;
  /** Of a test that failed: the first lines of each error. */
  readonly errors?: readonly string[];
}

/**
 * Writes what a run of the suite has shown to `build/conformance-report.json`: what the service is, which tests passed, how long each
 * took, and why one failed. Names, addresses, tokens and keys are taken out, so that it can be sent to us as it stands.
 */
export default class ConformanceReport implements Reporter {
  private startedMs = 0;

  onInit(_vitest: Vitest): void {
    this.startedMs = Date.now();
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const project = modules[0]?.project;
    if (project === undefined) return;
    const provided = project.getProvidedContext();
    const clean = (text: string) =>
      withoutSecrets(text, {
        EDGE: [provided.edgeUrl, new URL(provided.edgeUrl).host, new URL(provided.edgeUrl).hostname],
        ORIGIN: [provided.originUrl, new URL(provided.originUrl).host, new URL(provided.originUrl).hostname],
        SECRET: [provided.operatorToken, provided.originAccess],
      });
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => reported(module, test, clean)),
    );
    const count = (state: string) => tests.filter((test) => test.state === state).length;
    const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
    const file = path.join(root, 'build/conformance-report.json');
    const report = {
      v: 1,
      time: new Date(this.startedMs).toISOString(),
      node: process.version,
      service: provided.service,
      ...counts,
      tests,
    };
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${clean(JSON.stringify(report, null, 2))}\n`);
    const { engine } = provided.service;
    console.log(
      `\nEngine ${engine ?? 'unknown'}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped. Report: ${path.relative(process.cwd(), file)}`,
    );
  }
}

function reported(module: TestModule, test: TestCase, clean: (text: string) => string): Reported {
  const { state, errors } = test.result();
  return {
    file: path.basename(module.moduleId),
    test: test.fullName,
    state,
    ms: Math.round(test.diagnostic()?.duration ?? 0),
    ...(errors === undefined || errors.length === 0
      ? {}
      : { errors: errors.map(({ message }) => clean(message).split('\n').slice(0, 6).join('\n')) }),
  };
}
