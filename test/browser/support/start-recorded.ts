import { type RunningConsole, startConsole } from '../../../cli/console/console-server.ts';
import { recordedLine } from './recorded-log.ts';

/** The moment of every picture. */
export const NOW_MS = Date.parse('2026-03-04T10:20:30.000Z');
const STEP_MS = 700;
const HOUR_MS = 3_600_000;

/** Of the routes that the recorded log names. */
export const PATTERNS = {
  orders: '/api/orders',
  dashboard: '/api/dashboard',
  profile: '/api/profile',
  team_report: '/api/team/report',
  pages: '/pages/**',
  default: '/**',
};

/** A console whose log, clock and service are always the same: for pictures. */
export async function startRecorded(folder: string): Promise<RunningConsole> {
  const running = await startConsole({
    port: 0,
    folder,
    nowMs: () => NOW_MS,
    askService: async (task) => ({ status: 200, body: JSON.stringify(ANSWERS[task]) }),
    writeSwitch: async ({ item, value }) => ({ status: 200, body: JSON.stringify({ item, value }) }),
  });
  running.know({ routes: PATTERNS, home: 'https://www.example.com/' });
  let n = 0;
  for (let timeMs = NOW_MS - HOUR_MS; timeMs <= NOW_MS; timeMs += paceAt(n)) {
    running.read(recordedLine(n++, timeMs));
  }
  return running;
}

/** Busier in the middle, as a shop at noon. */
function paceAt(n: number): number {
  return STEP_MS + Math.round(400 * Math.sin(n / 260));
}

const ANSWERS = {
  purge: { wouldPurge: ['user:42'], purged: ['user:42'], soft: true },
  explain: {},
  status: {
    switches: {
      cache: 'on',
      keyVersion: '3',
      engine: 'auto',
      https: null,
      lanes: {},
      routes: { team_report: 'observe' },
    },
  },
};
