/**
 * uPlot hands `navigator.language` to Intl as it loads. Where the system has no locale (`LANG=C`) Chromium says `en-US@posix`, which Intl
 * refuses: the exception would leave the whole console empty. To be imported before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
