import { isNightly } from "#test/depth";
import { desktop, phone } from "./browser.ts";
import { type Dress, looksAtPages } from "./screens.ts";

/* With screens.test.ts, each width in each language and each theme; the nightly run has all that is left, and so have pictures for the documents. */
const dresses: readonly Dress[] = [
  { device: phone, language: "en", theme: "dark" },
  { device: desktop, language: "zh", theme: "light" },
];
const left: readonly Dress[] = [
  { device: phone, language: "en", theme: "light" },
  { device: phone, language: "zh", theme: "dark" },
  { device: desktop, language: "en", theme: "light" },
  { device: desktop, language: "zh", theme: "dark" },
];

looksAtPages(isNightly || process.env["SCREENSHOTS"] === "1" ? [...dresses, ...left] : dresses);
