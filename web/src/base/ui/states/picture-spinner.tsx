/** Over the middle of a picture that is waited for. */
export function PictureSpinner() {
  return (
    <span className="pointer-events-none absolute inset-0 m-auto size-14 animate-spin rounded-full border-3 border-white/25 border-t-white" />
  );
}
