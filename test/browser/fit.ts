import type { Page } from "playwright-core";

/*
 * Faults of a page's layout: a text that is cut, a box outside the viewport, a button whose words wrap. The functions
 * run in the page as text, without the types of browsers.
 */

/** Words that do not fit where they stand, save where a line is meant to end in dots. */
export const cutOff = `[...document.querySelectorAll("a, button, label, h1, h2, h3, p, span, td, th, legend")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const isMeant = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none" || style.position === "absolute";
    const isSeen = element.clientWidth > 2 && style.visibility !== "hidden" && style.overflow !== "visible";
    return isSeen && !isMeant && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2);
  })
  .map((element) => element.tagName + ": " + element.textContent.slice(0, 60))`;

/** Texts of the interface, which are in brackets in the pseudo-language, may not end in dots: titles and names may. */
const endInDots = `[...document.querySelectorAll("body *")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const isCut = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    const isLonger = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2;
    return isCut && isLonger && element.clientWidth > 2 && /^\\[.*\\]$/s.test(element.textContent.trim()) && element.checkVisibility();
  })
  .map((element) => element.tagName + ": " + element.textContent.slice(0, 60))`;

/** Boxes that reach over an edge of the viewport at the side, save in what scrolls sideways or is clipped on purpose. */
const outside = `(() => {
  const isClipped = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (at !== element && style.overflowX !== "visible") return true;
      if (style.clipPath !== "none" || style.clip !== "auto") return true;
    }
    return false;
  };
  // A phone moves its view where a page is too wide.
  const page = document.documentElement.getBoundingClientRect();
  const all = [...document.querySelectorAll("body *:not(svg *)")]
    .filter((element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width <= 2 || height <= 2 || (left >= page.left - 1 && right <= page.right + 1)) return false;
      return element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !isClipped(element);
    });
  // The innermost are the reason, not what holds them.
  return all
    .filter((element) => !all.some((other) => other !== element && element.contains(other)))
    .map((element) => element.tagName + "." + String(element.className).slice(0, 60) + ": " + element.textContent.slice(0, 40));
})()`;

/** Buttons and tabs whose label stands on several lines; a card has more than a label, and a select shows what was chosen. */
const wrapped = `[...document.querySelectorAll("button:not([aria-haspopup=listbox]), [role=tab], [role=button]")]
  .filter((element) => {
    const texts = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.textContent.trim() !== "") texts.push(walker.currentNode);
    if (texts.length !== 1 || !element.checkVisibility({ visibilityProperty: true })) return false;
    const range = document.createRange();
    range.selectNodeContents(texts[0]);
    const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 1).map(({ top }) => Math.round(top)));
    return lines.size > 1;
  })
  .map((element) => "wrapped " + element.textContent.slice(0, 60))`;

/**
 * Words that are broken inside, and labels of fewer than 24 characters on two lines, of an element with no other text;
 * an address has no words.
 */
export const brokenWords = `(() => {
  const lines = (range) => new Set([...range.getClientRects()].filter(({ width }) => width > 1).map(({ top }) => Math.round(top))).size;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    const text = node.textContent;
    if (text.trim() === "" || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (parent.closest("script, style, code, pre, textarea, .sr-only")) continue;
    const range = document.createRange();
    for (const { 0: word, index } of text.matchAll(/(?<!\\S)[\\p{Script=Latin}\\d,.:/]{2,20}(?!\\S)/gu)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      if (lines(range) > 1) found.push("broken " + word + " in " + text.trim().slice(0, 40));
    }
    const label = parent.closest("button, [role=tab], th[scope=col], legend, nav a");
    if (label === null || text.trim().length >= 24 || label.textContent.trim() !== text.trim()) continue;
    range.selectNodeContents(node);
    if (lines(range) > 1) found.push("two lines " + text.trim());
  }
  return found;
})()`;

/** All that does not fit on a page in the pseudo-language, in words. */
export async function misfits(page: Page): Promise<string[]> {
  const width = await page.evaluate<
    string[]
  >(`document.documentElement.scrollWidth > document.documentElement.clientWidth
    ? ["the page is " + document.documentElement.scrollWidth + " wide"] : []`);
  const lists = [width];
  for (const [what, list] of Object.entries({ cut: cutOff, dots: endInDots, outside, wrapped }))
    lists.push((await page.evaluate<string[]>(list)).map((one) => `${what} ${one}`));
  return lists.flat();
}
