import { EdgeError } from '../errors.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { Switches } from '../lanes/switches.ts';
import { readSwitches } from '../lanes/switches.ts';
import type { ExplainQuestion } from '../operator/explain-question.ts';
import { entranceOf } from '../request/entrance.ts';
import { normalizeRequest } from '../request/normalize-request.ts';
import type { Plan } from '../request/planned-request.ts';
import { compareRoutes } from '../routing/compare-routes.ts';
import { emptyExplanation } from './empty-explanation.ts';
import { type ExplainDeps, explainLane } from './explain-lane.ts';
import type { Explanation } from './explanation.ts';
import { createStepRecorder, type StepRecorder } from './step-recorder.ts';
import { handlersText, routeText, switchesText } from './step-texts.ts';
import { codeText } from './texts.ts';

/**
 * A function that prints what the edge would do with a request, and why: its plan, and what comes before it. No origin is asked,
 * nothing is stored, purged or counted.
 */
export function createExplain(deps: ExplainDeps): (question: ExplainQuestion) => Promise<Explanation> {
  const { policy, plan, platform, ownHandlers } = deps;

  return async function explain(question) {
    const recorder = createStepRecorder();
    let told = emptyExplanation(question);
    try {
      const facts = read(question, recorder);
      told = { ...told, method: facts.method, host: facts.host, path: facts.path };
      const switches = readSwitches(platform, policy);
      recorder.at('switches');
      recorder.add(switchesText(switches));
      const early = enter(question, facts, switches, recorder);
      if (early !== null) return { ...told, ...early, steps: recorder.steps() };
      recorder.at('route');
      const planned = await plan({
        client: { address: question.clientAddress, isCounted: false },
        facts,
        switches,
        readBody: async (limitBytes) => bodyOf(question, limitBytes),
      });
      told = { ...told, ...routes(planned, recorder) };
      const lane = await explainLane(deps, question, facts, planned, recorder);
      return { ...told, ...lane, steps: recorder.steps() };
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      recorder.add(codeText(error.code));
      const { code, status } = error;
      return { ...told, lane: 'reject', reason: 'error', code, status, steps: recorder.steps() };
    }
  };

  function read(question: ExplainQuestion, recorder: StepRecorder): RequestFacts {
    recorder.at('normalize');
    const facts = normalizeRequest(question, policy);
    recorder.add(facts.ambiguousTarget ? 'the path can be read in two ways' : 'nothing to refuse');
    const dropped = [...question.headers.keys()].filter((name) => !facts.headers.has(name));
    const tokens = [...(facts.queryTokens?.keys() ?? [])];
    if (tokens.length > 0)
      recorder.add(`taken out of the query, for keys, origins and redirects: ${tokens.join(', ')}`);
    if (dropped.length > 0) recorder.add(`no origin gets what the client sent as ${dropped.join(', ')}`);
    return facts;
  }

  /** What comes before the lanes; null: the request goes on to them. */
  function enter(
    { url }: ExplainQuestion,
    facts: RequestFacts,
    switches: Switches,
    recorder: StepRecorder,
  ): Partial<Explanation> | null {
    recorder.at('https');
    const entrance = entranceOf(facts, policy, switches, url.startsWith('https:'));
    if (entrance === 'https') {
      recorder.add('redirected to https');
      return { lane: 'reject', reason: 'https-redirect', status: 308 };
    }
    const mode = switches.https ?? policy.https.mode;
    recorder.add(mode === 'off' ? 'not asked for' : 'the request came with TLS');
    if (entrance === 'operator') {
      recorder.at('operator');
      recorder.add('an endpoint of the service itself: no origin sees it');
      return { lane: 'operator', reason: 'operator' };
    }
    recorder.at('handlers');
    recorder.add(handlersText(ownHandlers(facts.method, facts.path)));
    return null;
  }

  function routes({ path, facts }: Plan, recorder: StepRecorder): Pick<Explanation, 'route' | 'routes'> {
    const compared = compareRoutes(policy.routes, facts.path, facts.host, path.matched);
    recorder.add(routeText(path.matched, policy, compared));
    return { route: path.matched.name, routes: compared };
  }
}

function bodyOf({ body }: ExplainQuestion, limitBytes: number): Uint8Array | null {
  const bytes = body === null ? null : new TextEncoder().encode(body);
  return bytes !== null && bytes.byteLength <= limitBytes ? bytes : null;
}
