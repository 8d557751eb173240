import { decodeJwt } from 'jose';

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

export interface Asked {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Changes {
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something between the visitor and the service. `next` asks the service, with another target or other headers where they are given. */
export type Fault = (asked: Asked, next: (changes?: Changes) => Promise<Reply>) => Promise<Reply>;

export const honest: Fault = (_asked, next) => next();

const withHeaders = (reply: Reply, headers: Reply['headers']): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
});
const without = ({ headers, ...reply }: Reply, name: string): Reply => ({
  ...reply,
  headers: Object.fromEntries(Object.entries(headers).filter(([field]) => field !== name)),
});
const hit = (reply: Reply) =>
  withHeaders(reply, { 'x-cache': 'HIT', 'cache-status': 'claimcache;hit;ttl=60', age: '1' });

/** A cache of its own under whatever key; null: not this request. */
function cached(keyOf: (asked: Asked) => string | null, served: (reply: Reply) => Reply = hit): () => Fault {
  return () => {
    const kept = new Map<string, Reply>();
    return async (asked, next) => {
      const key = keyOf(asked);
      const known = key === null ? undefined : kept.get(key);
      if (known !== undefined) return served(known);
      const reply = await next();
      if (key !== null && reply.status === 200 && asked.method === 'GET') kept.set(key, reply);
      return reply;
    };
  };
}

const isPersonal = ({ target }: Asked) => target.startsWith('/api/');
const subjectOf = ({ headers }: Asked) => {
  const token =
    headers.authorization?.replace(/^Bearer /, '') ?? /session=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  try {
    return decodeJwt(token ?? '').sub ?? null;
  } catch {
    return null;
  }
};

/** Whether the page was rendered for somebody: its canary stands in it. */
const isPageOf = ({ body }: Reply) => body.includes('canary-');

/** Each breaks one promise, in the way that real proxies do; made anew for each run. */
export const BREACHES: Readonly<Record<string, { readonly make: () => Fault; readonly finds: string }>> = {
  'caches across users': {
    make: cached((asked) => (isPersonal(asked) ? asked.target : null)),
    finds: 'isolation',
  },
  'caches across users, and says MISS': {
    make: cached(
      (asked) => (isPersonal(asked) ? asked.target : null),
      (reply) => reply,
    ),
    finds: 'isolation',
  },
  'keys by the Authorization header and ignores the session cookie': {
    make: cached((asked) => (isPersonal(asked) ? `${asked.headers.authorization} ${asked.target}` : null)),
    finds: 'isolation',
  },
  'keys by tenant what is for one person: two members of a group share it': {
    make: cached((asked) => {
      if (!asked.target.startsWith('/api/orders')) return null;
      const subject = subjectOf(asked);
      return subject === null ? null : `${['42', '43'].includes(subject) ? 'acme' : subject} ${asked.target}`;
    }),
    finds: 'isolation',
  },
  'answers whoever waits with the page that comes first': {
    make: () => {
      const waiting = new Map<string, Promise<Reply>>();
      return async (asked, next) => {
        if (!isPersonal(asked)) return next();
        const under = waiting.get(asked.target);
        if (under !== undefined) return under;
        const reply = new Promise<Reply>((resolve, reject) => {
          setTimeout(() => next().then(resolve, reject), 25);
        }).finally(() => waiting.delete(asked.target));
        waiting.set(asked.target, reply);
        return reply;
      };
    },
    finds: 'together',
  },
  'sends the ETag of the page that it saw first': {
    make: () => {
      const etags = new Map<string, string>();
      return async (asked, next) => {
        const reply = await next();
        const etag = String(reply.headers.etag ?? '');
        if (!isPersonal(asked) || reply.status !== 200 || etag === '') return reply;
        const first = etags.get(asked.target) ?? etag;
        etags.set(asked.target, first);
        return withHeaders(reply, { etag: first });
      };
    },
    finds: 'isolation',
  },
  'confirms every ETag that it has seen at a URL': {
    make: () => {
      const seen = new Set<string>();
      return async (asked, next) => {
        const wanted = asked.headers['if-none-match'];
        if (wanted !== undefined && seen.has(`${asked.target} ${wanted}`))
          return { status: 304, headers: { etag: wanted, 'x-cache': 'HIT' }, body: Buffer.alloc(0) };
        const reply = await next();
        seen.add(`${asked.target} ${reply.headers.etag}`);
        return reply;
      };
    },
    finds: 'isolation',
  },
  'sends a header of the page that it saw first': {
    make: () => {
      const first = new Map<string, string>();
      let count = 0;
      return async (asked, next) => {
        const reply = await next();
        if (!isPersonal(asked)) return reply;
        count += 1;
        const trace = first.get(asked.target) ?? `trace-${count}-${Math.random()}`;
        first.set(asked.target, trace);
        return withHeaders(reply, { 'x-trace': trace });
      };
    },
    finds: 'isolation',
  },
  'names the last user in a header': {
    make: () => {
      let last = 'nobody';
      return async (asked, next) => {
        const reply = await next();
        const named = withHeaders(reply, { 'x-last-page': last });
        if (isPageOf(reply)) last = /canary-[a-z]+-\d+/.exec(reply.body.toString())?.[0] ?? last;
        return isPersonal(asked) ? named : reply;
      };
    },
    finds: 'sightings',
  },
  'replaces the Cache-Control of public pages': {
    make: () => async (asked, next) => {
      const reply = await next();
      return reply.headers['x-cache'] === 'BYPASS' || isPersonal(asked)
        ? reply
        : withHeaders(reply, { 'cache-control': 'public, max-age=60,s-maxage=300' });
    },
    finds: 'cache-control-origin',
  },
  'loses the Cache-Control on a hit': {
    make: () => async (asked, next) => {
      const reply = await next();
      return reply.headers['x-cache'] === 'HIT' && !isPersonal(asked)
        ? without(reply, 'cache-control')
        : reply;
    },
    finds: 'cache-control-repeat',
  },
  'lets browsers keep personal pages as public': {
    make: () => async (asked, next) => {
      const reply = await next();
      return isPersonal(asked) && reply.status === 200
        ? withHeaders(reply, { 'cache-control': 'public, max-age=600' })
        : reply;
    },
    finds: 'lane',
  },
  'drops Vary': {
    make: () => async (_asked, next) => without(await next(), 'vary'),
    finds: 'vary',
  },
  'keeps a cookie with a page': {
    make: cached(
      (asked) =>
        asked.target.startsWith('/pages/') && asked.headers.cookie === undefined ? asked.target : null,
      (reply) => withHeaders(hit(reply), { 'set-cookie': ['visitor=1234567890abcdef; Path=/'] }),
    ),
    finds: 'cookies',
  },
  'answers a forged token from the cache': {
    make: () => {
      const kept = new Map<string, Reply>();
      return async (asked, next) => {
        const key = isPersonal(asked) ? `${subjectOf(asked)} ${asked.target}` : '';
        const known = kept.get(key);
        if (known !== undefined && asked.method === 'GET' && asked.headers['if-none-match'] === undefined)
          return known;
        const reply = await next();
        if (
          subjectOf(asked) !== null &&
          reply.status === 200 &&
          reply.headers['x-cache'] === 'HIT' &&
          isPersonal(asked)
        )
          kept.set(key, reply);
        return reply;
      };
    },
    finds: 'forged',
  },
  'keys by the token: another one of the same person misses': {
    make: () => {
      const seen = new Set<string>();
      return async (asked, next) => {
        const reply = await next();
        const key = `${asked.headers.authorization} ${asked.target}`;
        if (seen.has(key) || reply.headers['x-cache'] !== 'HIT' || !isPersonal(asked)) return reply;
        seen.add(key);
        return withHeaders(reply, {
          'x-cache': 'MISS',
          'cache-status': 'claimcache;fwd=uri-miss;stored;ttl=60',
        });
      };
    },
    finds: 'refreshed',
  },
  'never hits': {
    make: () => async (_asked, next) => {
      const reply = await next();
      return reply.headers['x-cache'] === 'HIT'
        ? withHeaders(reply, { 'x-cache': 'MISS', 'cache-status': 'claimcache;fwd=uri-miss;stored;ttl=60' })
        : reply;
    },
    finds: 'repeat',
  },
  'keeps pages longer than the policy allows': {
    make: () => async (asked, next) => {
      const reply = await next();
      return isPersonal(asked) && reply.headers['x-cache'] === 'HIT'
        ? withHeaders(reply, { 'cache-status': 'claimcache;hit;ttl=86400' })
        : reply;
    },
    finds: 'ttl',
  },
  'keeps the empty answer to a HEAD for GET': {
    make: () => {
      const kept = new Map<string, Reply>();
      return async (asked, next) => {
        const key = `${asked.headers.authorization} ${asked.headers.cookie} ${asked.target}`;
        const known = kept.get(key);
        if (known !== undefined && asked.method === 'GET') return hit(known);
        const reply = await next();
        if (asked.method === 'HEAD' && reply.status === 200)
          kept.set(key, without({ ...reply, body: Buffer.alloc(0) }, 'content-length'));
        return reply;
      };
    },
    finds: 'head',
  },
  'keeps what an editor got for everybody': {
    make: () => {
      const kept = new Map<string, Reply>();
      return async (asked, next) => {
        const known =
          asked.headers.authorization === undefined && asked.headers.cookie === undefined
            ? kept.get(asked.target)
            : undefined;
        if (known !== undefined) return hit(known);
        const reply = await next();
        if (asked.headers.cookie?.includes('cms_session') && asked.target.startsWith('/pages/'))
          kept.set(asked.target, reply);
        return reply;
      };
    },
    finds: 'editor',
  },
  'lets a cookie into the page of everybody': {
    make: () => {
      const kept = new Map<string, string>();
      return async (asked, next) => {
        const reply = await next();
        if (!asked.target.startsWith('/pages/') || reply.headers['x-cache'] === 'BYPASS') return reply;
        const link = kept.get(asked.target) ?? asked.headers['x-forwarded-host'] ?? 'www.example.com';
        kept.set(asked.target, link);
        return withHeaders(reply, { link: `<https://${link}/>; rel="canonical"` });
      };
    },
    finds: 'unkeyed-input',
  },
  'keeps one page for each cookie': {
    make: () => {
      const seen = new Set<string>();
      return async (asked, next) => {
        const reply = await next();
        const key = `${asked.headers.cookie} ${asked.target}`;
        if (!asked.target.startsWith('/pages/') || reply.headers['x-cache'] !== 'HIT' || seen.has(key)) {
          seen.add(key);
          return reply;
        }
        seen.add(key);
        return withHeaders(reply, {
          'x-cache': 'MISS',
          'cache-status': 'claimcache;fwd=uri-miss;stored;ttl=60',
        });
      };
    },
    finds: 'cookie-stripped',
  },
  'takes every path that ends in .css for an asset': {
    make: () => {
      const kept = new Map<string, Reply>();
      return async (asked, next) => {
        if (!asked.target.endsWith('.css')) return next();
        // As an origin does that goes by the beginning of the path.
        const target = asked.target.replace(/[/;][^/;]*$/, '');
        const reply = kept.get(asked.target) ?? (await next({ target }));
        kept.set(asked.target, reply);
        return reply;
      };
    },
    finds: 'lookalike',
  },
  'leaks in the compressed variant alone': {
    make: () => {
      const kept = new Map<string, Reply>();
      return async (asked, next) => {
        if (!isPersonal(asked)) return next();
        const compressed = asked.headers['accept-encoding']?.includes('gzip') ?? false;
        const known = kept.get(asked.target);
        if (compressed && known !== undefined) return known;
        const reply = await next();
        if (reply.status === 200) kept.set(asked.target, kept.get(asked.target) ?? reply);
        return reply;
      };
    },
    finds: 'isolation',
  },
  'lets surrogate keys out': {
    make: () => async (_asked, next) => withHeaders(await next(), { 'surrogate-key': 'user:42' }),
    finds: 'internal',
  },
  'lets editors into the cache': {
    make: () => async (asked, next) =>
      asked.headers.cookie?.includes('cms_session') ? next({ headers: { cookie: 'none=1' } }) : next(),
    finds: 'lane',
  },
  'hides where an answer came from': {
    make: () => async (_asked, next) => without(await next(), 'x-cache'),
    finds: 'lane',
  },
  'keeps across signed-in users what has no query': {
    make: cached((asked) =>
      isPersonal(asked) && !asked.target.includes('?') && asked.headers.authorization !== undefined
        ? asked.target
        : null,
    ),
    finds: 'isolation',
  },
  'answers a HEAD with what it kept of the page that came first': {
    make: () => {
      const kept = new Map<string, Reply>();
      return async (asked, next) => {
        const known = kept.get(asked.target);
        if (known !== undefined && asked.method === 'HEAD') return { ...known, body: Buffer.alloc(0) };
        const reply = await next();
        if (isPersonal(asked) && asked.method === 'GET' && reply.status === 200)
          kept.set(asked.target, reply);
        return reply;
      };
    },
    finds: 'isolation',
  },
  'cuts ranges out of the page that came first': {
    make: () => {
      const kept = new Map<string, Reply>();
      return async (asked, next) => {
        const known = kept.get(asked.target);
        if (known !== undefined && asked.headers.range !== undefined) return { ...known, status: 206 };
        const reply = await next();
        if (isPersonal(asked) && asked.method === 'GET' && reply.status === 200)
          kept.set(asked.target, kept.get(asked.target) ?? reply);
        return reply;
      };
    },
    finds: 'isolation',
  },
  'repeats the token of whoever asked first': {
    make: () => {
      const first = new Map<string, string>();
      return async (asked, next) => {
        const reply = await next();
        const token = asked.headers.authorization;
        if (!isPersonal(asked) || token === undefined) return reply;
        const kept = first.get(asked.target) ?? token;
        first.set(asked.target, kept);
        return withHeaders(reply, { 'x-debug': kept });
      };
    },
    finds: 'sightings',
  },
};
