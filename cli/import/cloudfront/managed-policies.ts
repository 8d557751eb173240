/** What AWS gives to everybody: by identifier, as its documentation lists them. */

/** Which names of a kind count, or reach the origin. */
export type Names =
  | { readonly mode: 'none' | 'all' }
  | { readonly mode: 'some' | 'allExcept'; readonly names: readonly string[] };

export interface CachePolicy {
  readonly name: string;
  readonly minSeconds: number;
  readonly defaultSeconds: number;
  readonly maxSeconds: number;
  readonly headers: readonly string[];
  readonly cookies: Names;
  readonly query: Names;
}

/** What the origin gets beside the key. */
export interface RequestPolicy {
  readonly name: string;
  readonly headers: Names;
  readonly cookies: Names;
  readonly query: Names;
}

const NONE: Names = { mode: 'none' };
const ALL: Names = { mode: 'all' };
const YEAR = 31_536_000;

const METHOD_HEADERS = ['Host', 'Origin', 'X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
export const MANAGED_CACHE_POLICIES: ReadonlyMap<string, CachePolicy> = new Map([
  ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', cachePolicy('CachingDisabled', [0, 0, 0])],
  ['658327ea-f89d-4fab-a63d-7e88639e58f6', cachePolicy('CachingOptimized', [1, 86_400, YEAR])],
  [
    'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
    cachePolicy('CachingOptimizedForUncompressedObjects', [1, 86_400, YEAR]),
  ],
  [
    '83da9c7e-98b4-4e11-a168-04f0df8e2c65',
    { ...cachePolicy('UseOriginCacheControlHeaders', [0, 0, YEAR]), headers: METHOD_HEADERS, cookies: ALL },
  ],
  [
    '4cc15a8a-d715-48a4-82b8-cc0b614638fe',
    {
      ...cachePolicy('UseOriginCacheControlHeaders-QueryStrings', [0, 0, YEAR]),
      headers: METHOD_HEADERS,
      cookies: ALL,
      query: ALL,
    },
  ],
  [
    '2e54312d-136d-493c-8eb9-b001f22f67d2',
    {
      ...cachePolicy('Amplify', [2, 2, 600]),
      headers: ['Authorization', 'CloudFront-Viewer-Country', 'Host'],
      cookies: ALL,
      query: ALL,
    },
  ],
  [
    '08627262-05a9-4f76-9ded-b50ca2e3a84f',
    {
      ...cachePolicy('Elemental-MediaPackage', [0, 86_400, YEAR]),
      headers: ['Origin'],
      query: { mode: 'some', names: ['aws.manifestfilter', 'start', 'end', 'm'] },
    },
  ],
]);

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
export const MANAGED_REQUEST_POLICIES: ReadonlyMap<string, RequestPolicy> = new Map([
  ['216adef6-5c7f-47e4-b989-5492eafa07d3', viewer('AllViewer', ALL)],
  ['33f36d7e-f396-46d9-90e0-52428a34d9dc', viewer('AllViewerAndCloudFrontHeaders-2022-06', ALL)],
  [
    'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    viewer('AllViewerExceptHostHeader', { mode: 'allExcept', names: ['Host'] }),
  ],
  ['59781a5b-3903-41f3-afcb-af62929ccde1', headersAlone('CORS-CustomOrigin', ['Origin'])],
  [
    '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf',
    headersAlone('CORS-S3Origin', [
      'Origin',
      'Access-Control-Request-Headers',
      'Access-Control-Request-Method',
    ]),
  ],
  [
    'acba4595-bd28-49b8-b9fe-13317c0390fa',
    headersAlone('UserAgentRefererHeaders', ['User-Agent', 'Referer']),
  ],
  ['bf0718e1-ba1e-49d1-88b1-f726733018ae', headersAlone('HostHeaderOnly', ['Host'])],
]);

function cachePolicy(
  name: string,
  [minSeconds, defaultSeconds, maxSeconds]: readonly [number, number, number],
): CachePolicy {
  return { name, minSeconds, defaultSeconds, maxSeconds, headers: [], cookies: NONE, query: NONE };
}

function viewer(name: string, headers: Names): RequestPolicy {
  return { name, headers, cookies: ALL, query: ALL };
}

function headersAlone(name: string, names: readonly string[]): RequestPolicy {
  return { name, headers: { mode: 'some', names }, cookies: NONE, query: NONE };
}
