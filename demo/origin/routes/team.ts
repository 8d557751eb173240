import { Router } from 'express';
import { rendering } from '../rendering.ts';

/**
 * `GET /api/team/report`: one page for all members of a tenant with the same role. It is rendered from the claims
 * that the edge has verified, never from a member's token, and the edge proves that it is the edge.
 */
export function teamRoutes(): Router {
  return Router().get('/api/team/report', (request, response) => {
    const claims = readClaims(request.get('X-Claimcache-Claims'));
    if (claims === null || !response.locals.isEdge) {
      response.set('Cache-Control', 'no-store');
      response.status(403).json({ error: 'this page is made from the claims that the edge sends' });
      return;
    }
    const { tenant, role } = claims;
    const isPrivate = request.query.visibility === 'private';
    response.set({
      'Cache-Control': isPrivate ? 'private, max-age=300' : 'public, s-maxage=300',
      'Surrogate-Key': 'team-report',
      ETag: `W/"team-report-${tenant}-${role}"`,
    });
    response.json({ tenant, role, canary: `canary-team-${tenant}-${role}`, revenue: 1200, ...rendering() });
  });
}

function readClaims(header: string | undefined): { tenant: string; role: string } | null {
  try {
    const claims = JSON.parse(header ?? '');
    const { 'tenant.id': tenant, role } = claims;
    return typeof tenant === 'string' && typeof role === 'string' ? { tenant, role } : null;
  } catch {
    return null;
  }
}
