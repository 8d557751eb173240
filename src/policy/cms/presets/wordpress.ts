import type { CmsPreset } from './preset.ts';

export interface WordpressOptions {
  /** `true`: whoever has something in a WooCommerce cart passes too. Default `false`. */
  readonly shop?: boolean;
}

/**
 * WordPress: who is signed in, who has given a page's password or written a comment, previews of posts, and the customizer.
 *
 * Sources: `wp-includes/default-constants.php` (`LOGGED_IN_COOKIE`, `SECURE_AUTH_COOKIE`), `wp-login.php` (`wp-postpass_`),
 * `wp_set_comment_cookies` (`comment_author_`), `get_preview_post_link` and `_set_preview` (`preview`, `preview_id`, `preview_nonce`),
 * `WP_Customize_Manager` (`customize_changeset_uuid`, `customize_theme`, `customize_messenger_channel`), REST API Handbook, "Authentication"
 * (`X-WP-Nonce`). Of WooCommerce: "How to configure caching plugins for WooCommerce". `wordpress_test_cookie`, which everybody gets who has seen
 * the login form, is none of them.
 *
 * @example
 * cms: wordpress()
 */
export function wordpress({ shop = false }: WordpressOptions = {}): CmsPreset {
  return {
    cookies: [
      'wordpress_logged_in_*',
      'wordpress_sec_*',
      'wp-postpass_*',
      'comment_author_*',
      ...(shop ? ['woocommerce_items_in_cart', 'woocommerce_cart_hash', 'wp_woocommerce_session_*'] : []),
    ],
    query: [
      'preview',
      'preview_id',
      'preview_nonce',
      'customize_*',
      ...(shop ? ['add-to-cart', 'wc-ajax'] : []),
    ],
    headers: ['x-wp-nonce'],
    paths: ['/wp-admin/**', '/wp-login.php', '/wp-cron.php', '/xmlrpc.php'],
  };
}
