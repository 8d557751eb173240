/** A share from 0 to 1 as a bar; the number stands beside it. */
export function Bar({ share }: { readonly share: number }) {
  return (
    <svg className="share-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="bar-ground" width="100" height="6" />
      <rect className="bar-share" width={100 * Math.min(1, share)} height="6" />
    </svg>
  );
}
