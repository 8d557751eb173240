import { definePolicy } from 'claimcache';

/** A members' area as plugins of WordPress make it: each membership has its articles, and each member a page of their own. */
export default definePolicy({
  origins: { app: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } } },
  providers: {
    // WordPress says who a cookie is: a few lines of PHP in its REST API.
    wordpress: {
      session: {
        cookie: 'wordpress_logged_in_*',
        backend: 'origin',
        path: '/wp-json/edge/v1/whoami',
        host: 'www.example.com',
      },
    },
  },
  cms: {
    // The cookie of an editor is that of a member: editors are told by where they are, and by previews.
    cookies: ['wordpress_sec_*', 'wp-postpass_*', 'comment_author_*'],
    paths: ['/wp-admin/**', '/wp-login.php'],
    query: ['preview', 'preview_id', 'preview_nonce', 'customize_*'],
  },
  scopes: {
    member: { claims: 'sub' },
    membership: { claims: 'membership', shared: true },
  },
  routes: {
    articles: { path: '/members/articles/**', scope: 'membership', ttlSeconds: { default: 600 } },
    profile: { path: '/members/profile', scope: 'member', ttlSeconds: { max: 300 } },
  },
  // Public for readers without a session; a member's request passes.
  fallback: 'auto',
  passLimit: { count: 300 },
});
