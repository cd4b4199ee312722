// Runs before the first paint, so that neither theme nor language flashes (mirrors src/shell/theme.ts), and asks for the
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
  const stage = location.pathname === "/" || location.pathname.startsWith("/watch/");
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
