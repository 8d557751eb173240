vcl 4.1;

import digest;
import std;
import xkey;

backend origin { .host = "127.0.0.1"; .port = "ORIGIN_PORT"; }

sub vcl_recv {
  if (req.url == "/hello") { return (synth(200, "hello")); }
  if (req.method == "PURGE") {
    if (xkey.purge(req.http.xkey) < 0) { return (synth(500)); }
    return (synth(200));
  }
  unset req.http.x-sub;
  unset req.http.x-claims;
  if (req.http.Authorization !~ "^Bearer [A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$") { return (synth(401)); }
  set req.http.x-head = regsub(req.http.Authorization, "^Bearer ([^.]+)\..*$", "\1");
  set req.http.x-body = regsub(req.http.Authorization, "^Bearer [^.]+\.([^.]+)\..*$", "\1");
  set req.http.x-mac = regsub(req.http.Authorization, "^.*\.([^.]+)$", "\1");
  # There is no RSA here: HS256, compared as text.
  if (digest.base64url_decode(req.http.x-head) !~ {""alg":"HS256""}) { return (synth(401)); }
  if (digest.base64url_nopad_hex(digest.hmac_sha256("SECRET", req.http.x-head + "." + req.http.x-body)) != req.http.x-mac) {
    return (synth(401));
  }
  set req.http.x-claims = digest.base64url_decode(req.http.x-body);
  if (req.http.x-claims !~ {""iss":"https://hmac\.test""}) { return (synth(401)); }
  if (std.integer(regsub(req.http.x-claims, {"^.*"exp":([0-9]+).*$"}, "\1"), 0) <= std.time2integer(now, 0)) {
    return (synth(401));
  }
  set req.http.x-sub = regsub(req.http.x-claims, {"^.*"sub":"([^"]+)".*$"}, "\1");
  unset req.http.x-head;
  unset req.http.x-body;
  unset req.http.x-mac;
  unset req.http.x-claims;
  return (hash);
}

sub vcl_hash {
  hash_data(req.url);
  hash_data(req.http.x-sub);
  return (lookup);
}

sub vcl_backend_response {
  set beresp.http.xkey = "user:" + bereq.http.x-sub;
  set beresp.ttl = 1h;
  return (deliver);
}

sub vcl_deliver {
  if (obj.hits > 0) { set resp.http.X-Cache = "HIT"; } else { set resp.http.X-Cache = "MISS"; }
  unset resp.http.xkey;
  return (deliver);
}

sub vcl_synth {
  set resp.body = resp.reason;
  return (deliver);
}
