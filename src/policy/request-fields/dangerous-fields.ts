import { isAddressHeader } from './client-address-names.ts';

/** What an origin takes from a field that only a proxy before it should set. */
export type Danger = 'target' | 'host' | 'method' | 'file' | 'proxy' | 'address' | 'identity';

/**
 * Request fields by which an origin, its framework or the server before it can be made to do something else than what the edge
 * has judged: docs/reference/request-fields.md lists them. No client's field of these names reaches an origin, unless the policy allows it. In lower case;
 * a name that ends with `-` or `*` stands for all that begin like that.
 */
export const DANGEROUS_FIELDS: Readonly<Record<Exclude<Danger, 'address'>, string>> = {
  // Another path than the one that was judged, or a check of the framework's own that is skipped.
  target: `x-original- x-originally- x-rewrite- x-envoy- x-waws- x-middleware- x-invoke- x-matched-path x-now-route-matches
    x-http-path-override x-http-destinationurl x-cf-url x-proxy-url x-ms-original-url x-ning-request-uri x-request-uri x-request-url
    x-real- x-uri request-uri unencoded-url path-info orig-path-info x-path-info script-name x-script-name
    x-ingress-path x-myqee-system-`,
  // Another host, scheme, port or prefix: links, redirects and password mails are made of it.
  host: `x-forwarded* x-forward- x-forwarder-for forwarded* x-host x-host-override x-http-host-override x-amzn-remapped- x-server-name
    x-server-port host-override cloudfront-forwarded-proto cf-visitor front-end-https https-from-lb ssl-https ssl-offloaded https x-https x-ssl x-arr-ssl
    x-proto x-scheme x-url-scheme x-remote-protocol x-appservice-proto x-orchestra-scheme x-nfsn-https wl-proxy-`,
  // A write that no purge follows, or that a rule for GET lets through.
  method: `x-http-method* x-http-verb* x-method x-method-override method-override http-method-override x-ajax-real-method
    real-method request-method x-tunneled-method`,
  // What a server is told to send, or to cache.
  file: 'x-accel- x-sendfile* x-lighttpd-send- x-litespeed- x-reproxy-',
  // HTTP_PROXY of CGI: where the origin sends its own requests.
  proxy: 'proxy proxy-',
  // Who somebody is, by the word of a proxy before the origin.
  identity: `remote- x-remote-user* x-remote-group* x-authenticated-user* x-auth-request- x-webauth- x-ssl-client- ssl-client-
    x-tls-client- x-client-cert* x-amzn-oidc- x-ms-client-principal* x-goog-authenticated-user- x-goog-iap- x-appengine-
    cf-access-authenticated-user-email x-authentik- x-vouch- shib- iv-user iv-groups`,
};

/**
 * One pattern, made while the service is built: lists that stay in memory would be walked by each garbage collection. Most names begin
 * with `x-`, so those of others are not compared with all of them.
 */
const DANGEROUS = new RegExp(`^(?:x-(?:${patternsOf(true)})|${patternsOf(false)})`);

function patternsOf(isOfX: boolean): string {
  return Object.values(DANGEROUS_FIELDS)
    .flatMap((names) => names.split(/\s+/))
    .filter((name) => name.startsWith('x-') === isOfX)
    .map((name) => (isOfX ? name.slice(2) : name))
    .map((name) => (/[-*]$/.test(name) ? name.replace('*', '') : `${name}$`))
    .join('|');
}

/** `name`: in lower case, with `-` alone between letters and digits. */
export function isDangerous(name: string): boolean {
  return DANGEROUS.test(name) || isAddressHeader(name);
}
