import { Command } from 'commander';
import { routerOf } from '../../src/routing/matchers.ts';
import { CliError } from '../base/cli-error.ts';
import { collect } from '../base/collect.ts';
import { type Call, present } from '../base/command.ts';
import { EXIT } from '../base/exit-codes.ts';
import { loadPolicy } from '../base/load-policy.ts';
import { startProgress } from '../base/progress.ts';
import { credentialUrl } from '../base/safe-url.ts';
import { writeOutput } from '../base/write-file.ts';
import { createAsk } from './create-ask.ts';
import { createOriginAsk } from './create-origin-ask.ts';
import { createLeakDetector } from './leak-detector.ts';
import { createPacer } from './pacer.ts';
import { readPersonas } from './read-personas.ts';
import { createRedactor } from './redactor.ts';
import { auditHtml } from './report-html.ts';
import { junitXml } from './report-junit.ts';
import { auditText } from './report-text.ts';
import { runAudit } from './run-audit.ts';
import { freshPath, targetsOf } from './targets.ts';
import type { AuditContext, AuditReport, TargetReport, Verdict } from './types.ts';

interface AuditOptions {
  readonly users: string;
  readonly path: readonly string[];
  readonly origin?: string;
  readonly host?: string;
  readonly policy?: string;
  readonly rate: string;
  readonly maxRequests: string;
  readonly timeout: string;
  readonly strict?: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly jsonFile?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  claimcache audit https://staging.example.com --users users.json
  claimcache audit http://127.0.0.1:7676 --users users.json --origin http://127.0.0.1:8091 --path /pages/welcome
  claimcache audit https://www.example.com --users users.json --rate 5 --junit audit.xml --strict

It asks with GET and HEAD alone. docs/how-to/audit.md has the format of users.json, and what each promise means.`;

/**
 * `claimcache audit`: whether a running site keeps what the policy promises, and shows nobody a page of somebody else.
 *
 * @remarks
 * - It sends only GET and HEAD, and follows no redirect. Credentials go only to this host and over HTTPS (or to this machine). It prints neither credentials nor markers.
 * - Entries with `?claimcache_audit=…` stay in the cache.
 * - Three users need about 190 requests per personal path. The number grows with the square of the users.
 */
export function auditCommand(call: Call): Command {
  return new Command('audit')
    .description(
      'Prove on a running site that nobody gets a page of somebody else, and that it caches as promised.',
    )
    .argument('<url>', 'of the site: https, or http on this machine')
    .requiredOption('--users <file>', 'who asks: users.json')
    .option('--path <path>', 'a path to audit beside the policy’s plain ones; repeatable', collect, [])
    .option(
      '--origin <url>',
      'the origin itself: is its Cache-Control the one that visitors get? Asked as nobody.',
    )
    .option('--host <name>', 'the Host to send, where it is another than that of the URL')
    .option('--policy <file>', 'the policy that is deployed there; default: src/policy.ts of the service')
    .option('--rate <n>', 'requests per second', '20')
    .option('--max-requests <n>', 'no more than this', '5000')
    .option('--timeout <seconds>', 'for each request', '15')
    .option('--strict', 'what cannot be proven fails, too')
    .option('--junit <file>', 'write JUnit XML')
    .option('--html <file>', 'write the report as one HTML file, to be mailed')
    .option('--json-file <file>', 'write the JSON report')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', EXAMPLES)
    .action((url: string, options: AuditOptions) => audit(call, url, options));
}

async function audit(call: Call, url: string, options: AuditOptions): Promise<void> {
  const { world } = call;
  const base = siteUrl(url, 'The URL of the site');
  const { policy, file } = await loadPolicy(options.policy, world.cwd);
  const { personas, paths, remarks } = readPersonas(options.users, world, policy);
  const { targets, unaudited } = targetsOf(
    policy,
    routerOf(policy),
    [...paths, ...options.path],
    (options.host ?? new URL(base).host).toLowerCase(),
  );
  if (targets.length === 0) {
    throw new CliError(
      'CLI_USAGE',
      'There is nothing to audit: the policy has no plain path.',
      'Name some: --path /',
    );
  }
  const pacer = createPacer(
    world,
    number('--rate', options.rate, 0.1, 1000),
    number('--max-requests', options.maxRequests, 1, 1_000_000),
  );
  const timeoutMs = number('--timeout', options.timeout, 0.1, 600) * 1000;
  const leakDetector = createLeakDetector(personas);
  const origin = options.origin === undefined ? null : siteUrl(options.origin, 'The URL of the origin');
  const context: AuditContext = {
    policy,
    personas,
    ask: createAsk({ world, base, host: options.host ?? null, pacer, leakDetector, timeoutMs }),
    nowSeconds: () => world.nowMs() / 1000,
    fresh: (target) => (target.canBeFresh ? freshPath(target) : target.path),
    askOrigin:
      origin === null
        ? null
        : createOriginAsk({ world, origin, host: options.host ?? base.host, pacer, timeoutMs, policy }),
  };
  const startedMs = world.nowMs();
  const progress = startProgress(world, 'audit', targets.length, {
    isEachTold: true,
    within: () => `${pacer.spent} requests so far`,
  });
  const result = await runAudit(context, targets, leakDetector, (done, { path: target }) =>
    progress.show(done, target),
  );
  progress.end();
  if (
    result.targets.every(
      ({ rows, checks }) => rows.length === 0 && checks.some(({ id }) => id === 'complete'),
    ) &&
    pacer.spent <= 3 * targets.length
  ) {
    const why = result.targets[0]?.checks.find(({ id }) => id === 'complete')?.evidence[0] ?? '';
    if (why.startsWith('no answer'))
      throw new CliError(
        'CLI_UNREACHABLE',
        `${base.origin}: ${why}.`,
        'Is it running, and is the URL right?',
      );
  }
  const clean = result.targets.map(createRedactor(personas));
  const counts = countsOf(clean);
  const report: AuditReport = {
    version: 1,
    ok:
      counts.broken === 0 &&
      result.endedEarly === null &&
      !(options.strict && (counts.unproven > 0 || unaudited.length > 0)),
    url: base.origin,
    policy: file,
    startedAt: new Date(startedMs).toISOString(),
    seconds: Math.round((world.nowMs() - startedMs) / 100) / 10,
    requests: pacer.spent,
    counts,
    targets: clean,
    unaudited,
    remarks: [...remarks, ...(result.endedEarly === null ? [] : [`Ended early: ${result.endedEarly}`])],
  };
  if (options.junit !== undefined)
    writeOutput(world, options.junit, junitXml(report, options.strict === true));
  if (options.jsonFile !== undefined)
    writeOutput(world, options.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  if (options.html !== undefined) writeOutput(world, options.html, auditHtml(report));
  present(world, options.json, report, () => auditText(report, world.colors));
  if (!report.ok) call.exit(EXIT.failed);
}

function countsOf(targets: readonly TargetReport[]): Record<Verdict, number> {
  const counts = { kept: 0, broken: 0, unproven: 0 };
  for (const { checks } of targets) for (const { verdict } of checks) counts[verdict]++;
  return counts;
}

/** @throws {CliError} CLI_USAGE. */
function siteUrl(text: string, what: string): URL {
  const url = credentialUrl(text, what);
  if ((url.pathname !== '/' && url.pathname !== '') || url.search !== '') {
    throw new CliError('CLI_USAGE', `${what} has a path.`, 'Name the site alone: https://www.example.com');
  }
  return url;
}

function number(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new CliError('CLI_USAGE', `${option} ${text} is no such number.`, `From ${min} to ${max}.`);
}
