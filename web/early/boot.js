// In the page itself, before the first paint: neither theme nor language flashes, and what pages begin with is on the way
// before the app is there. Mirrors src/base/frame/theme.ts and frame.ts.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const meta = (name) => document.querySelector(`meta[name=${name}]`)?.content ?? "";
  const site = JSON.parse(meta("kinora-site") || "{}");
  const isPhone = matchMedia("(max-width: 639px), (max-height: 500px) and (orientation: landscape)").matches;
  const usual = { feed: "feed", explore: "explore" }[site.start_page] ?? (isPhone ? "feed" : "explore");
  const start = read("kinora.start") ?? usual;
  const { pathname: path, search } = location;
  const isForYou = path === "/for-you" || (path === "/" && start === "feed");
  const isExplore = search === "" && (path === "/explore" || (path === "/" && start === "explore"));
  const [, watched] = /^\/watch\/(\d+)$/.exec(path) ?? [];
  const [, room] = /^\/live\/(\d+)$/.exec(path) ?? [];
  const isFeed = isForYou || /^\/(?:following|hot)$/.test(path);
  const stage = isFeed || path.startsWith("/watch/") || room !== undefined;
  const kind = isFeed
    ? "feed"
    : isExplore
      ? "explore"
      : watched !== undefined
        ? "watch"
        : room !== undefined
          ? "room"
          : "";

  const choice = read("kinora.theme");
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset.theme = choice === "dark" || choice === "light" ? choice : stage ? "dark" : system;
  const language = read("kinora.language") ?? navigator.language;
  document.documentElement.lang = language.startsWith("zh") ? "zh-CN" : "en";
  document.documentElement.dataset.early = kind;
  const isBare = /^\/(?:login|signup|first-run|setup|reset|forgot|verify-email|end-mails)$|^\/embed(?:\/|$)/.test(path);
  const hasIcons = /^\/(?:watch|studio|inbox)(?:\/|$)|^\/live\//.test(path);
  // A room on a phone and pages with a foot have no bar below.
  const isWhole = isPhone && (room !== undefined || /^\/(?:upload|your-feed|live\/new)$/.test(path));
  if (!isBare && !isWhole) document.documentElement.dataset.bars = hasIcons ? "icons" : "whole";
  const { style } = document.documentElement;
  if (site.name) style.setProperty("--early-name", JSON.stringify(site.name));
  if (site.icon_url) style.setProperty("--early-icon", `url(${JSON.stringify(site.icon_url)})`);
  // A style sheet that is linked in the page would hold up the first paint; src/main.tsx waits for this one.
  const files = JSON.parse(meta("kinora-files") || "{}");
  if (files.style) add("link", { rel: "stylesheet", href: files.style, crossOrigin: "" });

  // The addresses of `feedQuery`, `exploreQuery`, `videoQuery` and of a room: src/base/api/request/early.ts hands the answers to them.
  const wanted = isForYou
    ? ["/api/v1/recommend/feed?limit=10"]
    : isExplore
      ? ["wide", "upright"].map(
          (shape) => `/api/v1/videos?page_size=${shape === "wide" ? 16 : 12}&shape=${shape}&sort=trending`,
        )
      : watched !== undefined
        ? [`/api/v1/videos/${watched}`]
        : room !== undefined
          ? [`/api/v1/lives/${room}`, `/api/v1/lives/${room}/playback`]
          : [];
  const earlyMsMax = 15_000;
  // A session that must be renewed first would be answered as a visitor.
  const isCurrent = read("kinora.session") !== "1" || Number(read("kinora.renew-at")) > Date.now();
  const headers = { accept: "application/json", "x-kinora-session": "cookie" };
  const ask = (address) => fetch(address, { headers, signal: AbortSignal.timeout(earlyMsMax) });
  const early = (window.kinoraEarly = new Map(isCurrent ? wanted.map((address) => [address, ask(address)]) : []));
  // An answer that nothing asked for yet, such as that of a room before it is live, would be out of date later.
  setTimeout(() => early.clear(), earlyMsMax);
  // A room begins with its stream and not with a cover.
  const first = kind === "room" ? undefined : early.values().next().value;
  const covers = Promise.resolve(first)
    .then((response) => response?.clone().json())
    .then((answer) => answer && showCovers(answer.data?.list ?? [answer.data]))
    // The app asks again, and says what is wrong.
    .catch(() => undefined);
  // On a slow line they would hold the cover up.
  covers.then(() => afterPaint(askForScripts));
  // The app keeps the browser from painting while it begins: its files come meanwhile, and a picture that is near is first.
  const nearMs = 300;
  const paintMsMax = 200;
  Promise.race([covers, new Promise((near) => setTimeout(near, nearMs))]).then(() => afterPaint(startApp));

  /** Calls back once, when what is in the page has been painted; a page that nobody sees is not. */
  function afterPaint(run) {
    let isRun = false;
    const once = () => isRun || ((isRun = true), run());
    requestAnimationFrame(() => setTimeout(once));
    setTimeout(once, paintMsMax);
  }
  /** Evaluates the files one by one, each after those it imports: between them the browser paints and listens. */
  async function startApp() {
    for (const file of files.app ?? []) {
      await import(file);
      await new Promise((next) => setTimeout(next));
    }
  }
  function askForScripts() {
    for (const href of [...(files.app ?? []), ...(files[kind] ?? [])]) add("link", { rel: "modulepreload", href });
  }
  function add(element, fields) {
    document.head.append(Object.assign(document.createElement(element), fields));
  }

  /** Shows the covers that the page begins with in their places; settles when the first of them is there. */
  async function showCovers(videos) {
    if (isForYou && sessionStorage.getItem("kinora.feed.for-you") !== null) return;
    const page = document.querySelector(".early-page");
    const columns = page !== null && isExplore ? getComputedStyle(page).gridTemplateColumns.split(" ").length : 1;
    const covers = videos.slice(0, columns).map(coverOf);
    const [first] = covers;
    if (isForYou && document.querySelector(".feed-page") === null) {
      first.className = "early-cover";
      first.dataset.fit = videos[0].width / videos[0].height > 0.65 ? "contain" : "cover";
      document.body.prepend(first);
    }
    // What comes above Explore depends on who is signed in, and an upright video has a place of another shape.
    const isPlaced = isExplore ? read("kinora.session") !== "1" : !isForYou && videos[0].width >= videos[0].height;
    if (isPlaced) for (const [at, cover] of covers.entries()) page?.children[at].replaceChildren(cover);
    await first.decode();
  }
  function coverOf({ cover_url: src }) {
    return Object.assign(new Image(), { alt: "", fetchPriority: "high", ...(src && { src }) });
  }
})();
