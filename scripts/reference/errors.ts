import { CliError, type CliErrorCode } from '../../cli/base/cli-error.ts';
import { EXIT } from '../../cli/base/exit-codes.ts';
import { EdgeError, ERRORS, type ErrorCode } from '../../src/errors.ts';
import { propertiesOf, tableOf, textsOf } from './documented.ts';

const CHECK = 'cli/check/finding.ts';

/** Every code with its status, cause and fix, from the sources: the page `reference/errors.md`. */
export function errorsPage(): string {
  return [
    '# Errors',
    'Made from the sources and their comments by `npm run docs:reference`.',
    `- A failure at the edge has one code. The [log](logs.md) has it as \`code\`, with the \`cause\`.
- The client gets the status and problem details (RFC 9457) with a title and the request id, and nothing of the cause.
- Under \`/.edge/\`, with a valid operator token, there is also a \`detail\`: what is wrong with the request, the names that exist, and the nearest one.
- \`WWW-Authenticate\` follows RFC 6750: no \`error\` where no credential was sent.`,
    '## At the edge',
    tableOf(
      ['code', 'status', '`WWW-Authenticate`', 'cause', 'what to do'],
      propertiesOf('src/errors.ts', 'ERRORS').map(({ name, text, fix }) => {
        if (fix === '') throw new Error(`${name} has no @fix.`);
        const code = name as ErrorCode;
        return [code, ERRORS[code].status, challengeOf(code), text, fix] as const;
      }),
    ),
    '## In a policy',
    'The build fails. Each problem has a code, the path of the setting, its value and the fix.',
    tableOf(['code', ''], rowsOf('src/policy/policy-error.ts', 'PolicyProblemCode')),
    '## Of `claimcache check`',
    'Errors end with status 1, warnings only with `--strict`. `--ignore CODE` leaves one out.',
    tableOf(['code', ''], rowsOf(CHECK, 'FindingCode')),
    '## Of the command line',
    'With `--json`: `{"ok":false,"error":{code,message,fix}}` on stdout.',
    tableOf(
      ['code', 'exit status', ''],
      textsOf('cli/base/cli-error.ts', 'CliErrorCode').map(({ name, text }) => {
        const { exitCode } = new CliError(name as CliErrorCode, '', '');
        return [name, exitCode, text] as const;
      }),
    ),
    '## Exit statuses',
    tableOf(
      ['status', ''],
      propertiesOf('cli/base/exit-codes.ts', 'EXIT').map(({ name, text }) => [
        String(EXIT[name as keyof typeof EXIT]),
        text,
      ]),
    ),
    '',
  ].join('\n\n');
}

const rowsOf = (file: string, name: string) =>
  textsOf(file, name).map((one) => [one.name, one.text] as const);

function challengeOf(code: ErrorCode): string {
  const { status, bearerError } = new EdgeError(code);
  if (bearerError !== undefined) return `\`Bearer error="${bearerError}"\``;
  return status === 401 ? '`Bearer`' : '';
}
