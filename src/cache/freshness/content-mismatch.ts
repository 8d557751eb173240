import mediaTypes from './media-types.ts';

/** Types that say nothing of the content, or too little to disagree with. */
const VAGUE = new Set(['application/octet-stream', 'binary/octet-stream']);
/** One thing under several names. */
const SAME: readonly RegExp[] = [
  /^(?:text|application)\/(?:x-)?(?:java|ecma)script$/,
  /^(?:text|application)\/(?:.+\+)?xml$|^image\/svg\+xml$/,
  /^(?:text|application)\/(?:.+\+)?json$|^application\/(?:source-map|manifest)/,
  /^font\/|^application\/(?:x-)?(?:font-|vnd\.ms-fontobject)/,
  /^image\//,
  /^(?:audio|video)\/|^application\/(?:vnd\.apple\.mpegurl|x-mpegurl|dash\+xml)$/,
  /^text\/(?:html)|^application\/xhtml\+xml$/,
];

/**
 * Whether a path's extension promises one thing and the response is another: `/account/x.css` that answers with HTML is
 * how web cache deception gets a personal page stored as a public asset.
 */
export function contentMismatch(path: string, contentType: string | null): boolean {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(path)?.[1];
  const promised = extension === undefined ? undefined : typeOf(extension.toLowerCase());
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (promised === undefined || type === '' || VAGUE.has(type) || VAGUE.has(promised)) return false;
  return promised !== type && !SAME.some((names) => names.test(promised) && names.test(type));
}

let types: ReadonlyMap<string, string> | null = null;

function typeOf(extension: string): string | undefined {
  types ??= new Map(Object.entries(JSON.parse(mediaTypes) as Record<string, string>));
  return types.get(extension);
}
