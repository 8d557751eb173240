import type { Policy } from '../../src/policy/policy.ts';
import { isLoopback } from '../base/safe-url.ts';

/** Where an application runs that nobody has told of. */
export const USUAL_ORIGIN = 'http://127.0.0.1:3000';
/** A shield of its own is asked for at the local service: whoever has another one says so. */
const LOCAL_SHIELD = 'http://127.0.0.1:7676';

/** What is known of a backend that a policy names. */
export interface BackendFacts {
  readonly name: string;
  /** For the local server. */
  readonly local: { readonly url: string; readonly override_host?: string };
  /** For a first publish. */
  readonly setup: { readonly description: string; readonly address: string; readonly port: number };
}

/** Each backend once, in the order of the policy. `originUrl`: of the application, where it is known. */
export function backendFacts({ origins, providers }: Policy, originUrl: string | null): BackendFacts[] {
  const facts: BackendFacts[] = origins.map(({ name, backend }) => ({
    name: backend,
    local: localOf(originUrl ?? USUAL_ORIGIN),
    setup: {
      description:
        origins.length === 1
          ? 'Your application: its own host name, not the one that visitors use.'
          : `The origin ${name}: its own host name, not the one that visitors use.`,
      ...addressOf(originUrl, 'origin.example.com'),
    },
  }));
  for (const { name, keys, lookup } of providers) {
    const url = keys.kind === 'remote' ? keys.url : lookup?.url;
    const backend = keys.kind === 'remote' ? keys.backend : lookup?.backend;
    if (url === undefined || backend === undefined) continue;
    const { origin } = new URL(url);
    facts.push({
      name: backend,
      local: lookup?.kind === 'session' ? localOf(originUrl ?? USUAL_ORIGIN) : { url: origin },
      setup: {
        description: lookup === null ? `The keys of the provider ${name}.` : `Who the provider ${name} asks.`,
        ...addressOf(origin, 'keys.example.com'),
      },
    });
  }
  for (const { name, shield } of origins) {
    if (shield?.kind !== 'backend') continue;
    facts.push({
      name: shield.backend,
      local: { url: LOCAL_SHIELD },
      setup: { description: `The shield of the origin ${name}.`, address: 'shield.example.com', port: 443 },
    });
  }
  return facts.filter(({ name }, i) => facts.findIndex((other) => other.name === name) === i);
}

/** An application elsewhere is known there by its own host name. */
function localOf(originUrl: string): BackendFacts['local'] {
  const url = new URL(originUrl);
  return isLoopback(url) ? { url: url.origin } : { url: url.origin, override_host: url.host };
}

/** `unknown`: what stands for one that is not known yet. */
function addressOf(text: string | null, unknown: string): { address: string; port: number } {
  const url = text === null ? null : new URL(text);
  if (url === null || isLoopback(url) || url.protocol !== 'https:') return { address: unknown, port: 443 };
  return { address: url.hostname, port: Number(url.port) || 443 };
}
