// Runs before the first paint, so that neither theme nor language flashes (mirrors src/shell/theme.ts and frame.ts), and asks for the
// player where a video comes first.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const choice = read("kinora.theme");
  const isPhone = matchMedia("(max-width: 639px), (max-height: 500px) and (orientation: landscape)").matches;
  const start = read("kinora.start") ?? (isPhone ? "feed" : "explore");
  const path = location.pathname;
  const stage =
    (path === "/" && start === "feed") || /^\/(?:for-you|following|hot)$/.test(path) || path.startsWith("/watch/");
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset.theme = choice === "dark" || choice === "light" ? choice : stage ? "dark" : system;
  const player = document.querySelector("meta[name=kinora-player]");
  if (stage && player !== null) {
    const early = document.createElement("link");
    early.rel = "modulepreload";
    early.href = player.content;
    document.head.append(early);
  }
  const language = read("kinora.language") ?? navigator.language;
  document.documentElement.lang = language.startsWith("zh") ? "zh-CN" : "en";
})();
