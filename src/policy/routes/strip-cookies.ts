import type { Report } from '../policy-error.ts';
import type { PolicyInput, RouteInput } from './route.ts';

/** What is wrong with the cookies that a route takes out of answers. */
export function stripProblems(policy: PolicyInput, at: string, route: RouteInput, report: Report): void {
  if (route.stripSetCookie && (route.scope !== undefined || route.lane === 'pass')) {
    report(
      'POLICY_UNSAFE',
      `${at}.stripSetCookie`,
      true,
      'Only for public routes: a cookie that is set for one user must reach that user. On a scoped route name the cookies: stripSetCookies.',
    );
  }
  const names = route.stripSetCookies;
  if (names === undefined) return;
  const setting = `${at}.stripSetCookies`;
  if (route.scope === undefined) {
    report(
      'POLICY_CONFLICT',
      setting,
      names,
      'For routes with a scope; a public one has stripSetCookie: true.',
    );
  } else if (policy.scopes?.[route.scope]?.shared) {
    const mend =
      'A shared page is stored for people who never got that cookie: fix the origin, or use a scope of one person.';
    report('POLICY_UNSAFE', setting, names, mend);
  }
  if (route.cache === false) {
    report('POLICY_CONFLICT', setting, names, 'Nothing of this route is ever stored: remove it.');
  }
}
