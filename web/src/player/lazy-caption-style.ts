import { lazy } from "react";
import { loadTexts } from "../i18n/i18n.ts";

const load = async () => {
  const [module] = await Promise.all([import("./caption-style-form.tsx"), loadTexts("library")]);
  return module;
};

/** Few change how captions look: the form and its texts come when they are asked for. */
export const CaptionStyleForm = lazy(() => load().then((module) => ({ default: module.CaptionStyleForm })));
export const CaptionStyleRow = lazy(() => load().then((module) => ({ default: module.CaptionStyleRow })));
export const CaptionStyleSection = lazy(() => load().then((module) => ({ default: module.CaptionStyleSection })));
