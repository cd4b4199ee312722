import { desktop, phone } from "./browser.ts";
import { looksAtPages } from "./screens.ts";

/* The dresses that screens.test.ts leaves out. */
looksAtPages([
  { device: phone, language: "en", theme: "light" },
  { device: phone, language: "en", theme: "dark" },
  { device: phone, language: "zh", theme: "dark" },
  { device: desktop, language: "en", theme: "light" },
  { device: desktop, language: "zh", theme: "light" },
  { device: desktop, language: "zh", theme: "dark" },
]);
