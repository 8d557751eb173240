/**
 * Names of request fields that clients, proxies and attackers send: what public lists for fuzzing and the documents of proxies, clouds and
 * frameworks name, put together from their parts.
 */
const SINGLE = `
  accept accept-charset accept-encoding accept-language accept-datetime accept-version access-control-request-headers
  access-control-request-method action admin age ajax alt-used api-key apikey app app-env app-key appname auth auth-key auth-password
  auth-type auth-user authorization base-url basic bearer-indication cache-control cache-info case-files category cdn-cache-control
  cdn-loop cdn-src-ip cert-cookie cert-issuer cert-subject charset client client-address clientaddress client-ip clientip code
  coming-from connection-type contact content-disposition content-encoding content-language content-location content-md5 content-range
  content-type context-path cookie2 correlation-id dataserviceversion date debug depth destination device-memory digest dnt dpr
  early-data ect edge-control enable-gzip error etag expires fastly-client fb-appid filename format forwarded forwarded-by forwarded-for
  forwarded-for-ip forwarded-host forwarded-proto from front-end-https gateway-interface grpc-timeout header hosti host-name
  host-override http-authorization http-cookie http-host http-method-override http-referer http-url http2-settings https https-from-lb
  https-keysize if if-match if-modified-since if-none-match if-range if-schedule-tag-match if-unmodified-since iv-groups iv-user
  last-event-id last-modified link local-addr location lock-token mail max-forwards method method-override ms-asprotocolversion msisdn
  negotiate nonce oc-chunked ocs-apirequest on-behalf-of orig-path-info origin overwrite password path path-info path-translated
  phone-number php-auth-pw php-auth-user port post-vars pragma prefer priority profile protocol proxy public-key-pins purpose
  query-string querystring raw-post-data real-ip real-method redirect referer referrer referrer-policy refresh remix-hash
  request request-id request-method request-timeout request-uri response retry-after rlnclientipaddr role root rtt save-data
  schedule-reply scheme script-name sec-ch-ua sec-ch-ua-arch sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode
  sec-fetch-site sec-fetch-user sec-gpc sec-websocket-key sec-websocket-protocol sec-websocket-version secretkey self server server-name
  server-port server-protocol server-software service-worker session-id set-cookie slug soapaction source-ip ssl ssl-https ssl-offloaded
  ssl-session-id status status-code strict-transport-security surrogate-capability surrogate-key tenant test ticket timeout timing-allow-origin
  title token traceparent tracestate translate true-client-ip ua ua-cpu ua-os unencoded-url upgrade-insecure-requests uri url user
  user-agent user-email user-id user-name useragent vary verbose version via viewport-width want-digest warning width wl-proxy-client-ip
  wl-proxy-ssl www-authenticate x x-ajax-real-method x-api-key x-apitoken x-arr-log-id x-arr-ssl x-att-deviceid x-auth-route x-b3-sampled
  x-b3-spanid x-b3-traceid x-bluecoat-via x-cascade x-cf-url x-chrome-extension x-cluster-client-ip x-codeception-codecoverage
  x-content-type-options x-correlation-id x-csrf-token x-csrftoken x-debug x-dns-prefetch-control x-do-not-track x-edge-ip
  x-elgg-apikey x-environment-override x-foo x-forwarded x-forwarder-for x-from x-host x-http-destinationurl x-https x-hub-signature
  x-ingress-path x-insight x-ip x-iinfo x-litmus x-locking x-matched-path x-method x-mobile-ua x-moz x-msisdn x-network-info x-nfsn-https
  x-ning-request-uri x-nginx-proxy x-now-route-matches x-options x-orchestra-scheme x-origin-secret x-overlay x-password x-path-info x-pjax
  x-proto x-purpose x-queue-start x-rails-csrf x-requested-with x-role x-scanner x-scheme x-script-name x-sourcemap x-ssl x-subdomain
  x-te x-tenant-id x-timer x-tor x-tunneled-method x-twilio-signature x-ua-device x-uidh x-unique-id x-uri x-url x-url-scheme x-user
  x-user-id x-username x-varnish x-wap-profile x-waws-unencoded-url x-wp-nonce x-xsrf-token x-zotero-version xonnection xproxy xroxy-connection
  y zotero-api-version`;

const FAMILIES: Readonly<Record<string, string>> = {
  'x-forwarded-': `for host proto port prefix server scheme ssl protocol by path uri url method client-cert for-original user email
    groups access-token preferred-username tls-version tls-cipher ip node base-path context`,
  'x-original-':
    'url uri host method path query remote-addr http-command user-agent forwarded-for cookie prefix scheme port',
  'x-originally-': 'forwarded-for forwarded-proto forwarded-host',
  'x-originating-': 'ip host url email',
  'x-rewrite-': 'url uri path host query',
  'x-http-': 'method method-override path-override host-override verb scheme version status-code-override',
  'x-method-': 'override name type',
  'x-accel-': 'redirect expires mapping buffering charset limit-rate internal',
  'x-sendfile': '-type -root -temporary 2',
  'x-lighttpd-send-': 'file tempfile',
  'x-litespeed-': 'location cache cache-control purge tag vary esi',
  'x-claimcache-': 'claims debug shield fingerprint shield-state tenant',
  'fastly-':
    'ff client-ip client ssl debug xqd-cache-key force-shield soft-purge key orig-accept-encoding temp-xff',
  'surrogate-': 'control key capability keys',
  'x-envoy-': `internal original-path original-url external-address expected-rq-timeout-ms retry-on max-retries attempt-count
    decorator-operation peer-metadata force-trace upstream-rq-timeout-ms`,
  'x-amzn-':
    'trace-id requestid remapped-host remapped-connection oidc-data oidc-identity oidc-accesstoken tls-version mtls-clientcert',
  'x-amz-': 'date security-token content-sha256 website-redirect-location cf-id server-side-encryption',
  'x-azure-': 'clientip socketip ref fdid requestchain healthprobe',
  'x-ms-':
    'client-principal client-principal-id client-principal-name original-url policykey request-id version token-aad-id-token',
  'x-goog-': 'authenticated-user-email authenticated-user-id iap-jwt-assertion api-key api-client',
  'x-appengine-': 'user-ip country region city citylatlong cron queuename user-email inbound-appid https',
  'cf-':
    'connecting-ip connecting-ipv6 pseudo-ipv4 ipcountry ray visitor worker access-jwt-assertion access-authenticated-user-email template-path',
  'cloudfront-':
    'viewer-country viewer-address forwarded-proto is-mobile-viewer is-tablet-viewer viewer-tls policy',
  'proxy-':
    'host port url user password pwd http socks4 socks5 agent request-fulluri client-ip authenticate features instruction',
  'remote-': 'addr host user port groups name email',
  'x-remote-': 'addr ip user host port protocol groups group name token',
  'x-client-': 'ip host id key os cert cert-chain version data user verify',
  'x-proxy-': 'url host user cache pass prefix signature',
  'x-auth-':
    'token user key userid username password mode request-user request-email request-groups request-access-token service-provider',
  'x-authenticated-': 'user userid groups scope consumer',
  'x-webauth-': 'user name email groups role',
  'x-ssl-client-': 'cert verify s-dn i-dn serial fingerprint',
  'ssl-client-': 'cert verify s-dn i-dn subject-dn issuer-dn serial',
  'shib-': 'session-id identity-provider application-id logouturl authentication-instant',
  'x-middleware-': 'subrequest prefetch next rewrite redirect invoke set-cookie override-headers',
  'x-invoke-': 'path query status error output',
  'x-nextjs-': 'data cache matched-path redirect',
  'x-request-': 'id start timestamp uri url signature path method scheme',
  'x-server-': 'name port id addr protocol',
  'x-real-': 'ip host url uri port path',
  'x-wap-':
    'profile-diff gateway network-client-ip network-client-msisdn proxy-cookie session-id tod tod-coded client-sdu-size',
  'x-nokia-': 'msisdn wtls bearer gateway-id ipaddress connection-mode',
  'x-jphone-': 'msname display color uid geocode',
  'x-up-': 'subno calling-line-id devcap-iscolor devcap-screendepth devcap-screenpixels',
  'x-file-': 'name size type id resume',
  'x-myqee-system-': 'debug hash isadmin isrest pathinfo project time',
  'akamai-': 'origin-hop cache-control x-cache-on client-ip bot',
  'sec-':
    'purpose ch-width ch-dpr ch-prefers-color-scheme ch-ua-model websocket-extensions session-registration token-binding',
};

/** Where words are put together that lists have beside each other. */
const STEMS = [
  'x-',
  'x-user-',
  'x-app-',
  'x-api-',
  'x-site-',
  'x-http-',
  'http-',
  'request-',
  'client-',
  'server-',
  'user-',
  'auth-',
];
const WORDS = `account address admin agent backend base cache channel claims config cookie country data device domain email env error
  file flag for forwarded group groups header host id index info ip json key language level limit mode name nonce number option order
  origin page password path port prefix proto query region role route scheme secret server session signature size source state status
  tenant test time token trace type url user version`;

const words = (text: string) => text.trim().split(/\s+/);

/** In lower case, each once, with `-` between words. */
export const REQUEST_HEADER_NAMES: readonly string[] = [
  ...new Set([
    ...words(SINGLE),
    ...Object.entries(FAMILIES).flatMap(([stem, rest]) => words(rest).map((word) => `${stem}${word}`)),
    ...STEMS.flatMap((stem) => words(WORDS).map((word) => `${stem}${word}`)),
  ]),
];

/** What stands in the place of `-`, and is read as such by servers in the manner of CGI. */
export const SPELLINGS = ['-', '.', '_', '~', '!'] as const;

export function spelt(name: string, spelling: string): string {
  return name.replaceAll('-', spelling);
}

/** The variable that PHP's and lighttpd's CGI make of a field: every character that is neither letter nor digit is `_`. */
export function cgiVariable(name: string): string {
  return `HTTP_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/**
 * Variables in which an origin finds what the edge says to it, or what only a proxy before it should say. Written down anew: the list
 * of the service is what is tested with it.
 */
export const TRUSTED_VARIABLE = new RegExp(
  `^HTTP_(?:${[
    'FASTLY_.*|SURROGATE_.*|X_CLAIMCACHE_.*|X_AUTH_ROUTE|CDN_CACHE_CONTROL',
    'X_USER_ID|X_ORIGIN_SECRET|X_TENANT_ID',
    'X_FORWARDED(?:_.*)?|FORWARDED(?:_.*)?|X_ORIGINAL_.*|X_ORIGINALLY_.*|X_REWRITE_.*',
    'X_REAL_.*|X_HOST|X_HTTP_(?:HOST|PATH)_OVERRIDE|X_HTTP_DESTINATIONURL|X_SCHEME|X_URL_SCHEME|FRONT_END_HTTPS|HTTPS',
    'X_HTTP_METHOD(?:_.*)?|X_METHOD_OVERRIDE|HTTP_METHOD_OVERRIDE|METHOD_OVERRIDE|X_AJAX_REAL_METHOD|REAL_METHOD',
    'X_ACCEL_.*|X_SENDFILE.*|X_LIGHTTPD_SEND_.*|PROXY(?:_.*)?',
    'X_ENVOY_.*|X_MIDDLEWARE_.*|X_INVOKE_.*|X_MATCHED_PATH|REQUEST_URI|UNENCODED_URL|PATH_INFO|SCRIPT_NAME|X_SCRIPT_NAME',
    'CLIENT_IP|CLIENTIP|TRUE_CLIENT_IP|X_CLIENT_IP|X_CLUSTER_CLIENT_IP|CF_CONNECTING_IP(?:V6)?|REMOTE_.*|X_REMOTE_(?:ADDR|IP|USER)',
    'SSL_CLIENT_.*|X_SSL_CLIENT_.*|X_WEBAUTH_.*|X_AUTH_REQUEST_.*|X_GOOG_AUTHENTICATED_USER_.*|X_MS_CLIENT_PRINCIPAL.*',
  ].join('|')})$`,
);
