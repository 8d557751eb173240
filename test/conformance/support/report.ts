import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProvidedContext } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { root } from '../../../scripts/root.ts';
import { withoutSecrets } from './without-secrets.ts';

interface Reported {
  readonly file: string;
  readonly test: string;
  readonly state: string;
  readonly ms: number;
  /** Of a test that failed: the first lines of each error. */
  readonly errors?: readonly string[];
  /** Of a test that was skipped, where it says so. */
  readonly why?: string;
}

/**
 * Writes what a run of the suite has shown to `build/conformance-report.json`: what the service is, which tests passed, how long each
 * took, and why one failed. Names, addresses, tokens and keys are taken out, so that it can be sent to us as it stands.
 */
export default class ConformanceReport implements Reporter {
  private startedMs = 0;

  onInit(): void {
    this.startedMs = Date.now();
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = [...new Set(modules.map(({ project }) => project.name))];
    const runs = names.map((name) => runOf(modules.filter(({ project }) => project.name === name)));
    const file = path.join(root, 'build/conformance-report.json');
    const report = { v: 1, time: new Date(this.startedMs).toISOString(), node: process.version, runs };
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
    for (const { service, passed, failed, skipped } of runs) {
      const engine = service?.engine ?? 'unknown';
      console.log(`Engine ${engine}: ${passed} passed, ${failed} failed, ${skipped} skipped.`);
    }
    console.log(`Report: ${path.relative(process.cwd(), file)}`);
  }
}

/** What was seen of one service. */
function runOf(modules: readonly TestModule[]) {
  const provided: Partial<ProvidedContext> = modules[0]?.project.getProvidedContext() ?? {};
  const { edgeUrl = '', originUrl = '', operatorToken = '', originAccess = '', service } = provided;
  const clean = (text: string) =>
    withoutSecrets(text, {
      EDGE: namesOf(edgeUrl),
      ORIGIN: namesOf(originUrl),
      SECRET: [operatorToken, originAccess],
    });
  const tests = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => reported(module, test, clean)),
  );
  const count = (state: string) => tests.filter((test) => test.state === state).length;
  return {
    service,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    tests,
  };
}

/** An address in each form in which an error may quote it. */
function namesOf(url: string): readonly string[] {
  if (url === '') return [];
  const { host, hostname } = new URL(url);
  return [url, host, hostname];
}

function reported(module: TestModule, test: TestCase, clean: (text: string) => string): Reported {
  const result = test.result();
  const { state, errors } = result;
  return {
    file: path.basename(module.moduleId),
    test: test.fullName,
    state,
    ms: Math.round(test.diagnostic()?.duration ?? 0),
    ...(errors === undefined || errors.length === 0
      ? {}
      : { errors: errors.map(({ message }) => clean(message).split('\n').slice(0, 6).join('\n')) }),
    ...('note' in result && result.note !== undefined ? { why: result.note } : {}),
  };
}
