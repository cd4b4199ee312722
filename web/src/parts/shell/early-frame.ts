/** The frame of `index.html`, painted with the first bytes, goes when the one of the app is there, or the page has none. */
export const removeEarlyFrame = (): void => document.querySelector(".early-frame")?.remove();
