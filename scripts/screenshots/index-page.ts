export interface Picture {
  readonly file: string;
  readonly page: string;
  readonly dress: string;
}

/** A page with all pictures, which a word of the page's name and one of the dress narrow down. */
export const indexPage = (pictures: readonly Picture[]): string => `<!doctype html>
<meta charset="utf-8" />
<title>Kinora: every page</title>
<style>
  body { margin: 16px; font: 14px system-ui; background: #222; color: #eee; }
  form { position: sticky; top: 0; padding: 8px 0; background: #222; display: flex; gap: 16px; }
  main { display: flex; flex-wrap: wrap; gap: 16px; align-items: start; }
  figure { margin: 0; }
  img { height: 380px; display: block; background: #444; }
</style>
<form>
  <label>Page <input name="page" autofocus /></label>
  <label>Dress <input name="dress" placeholder="phone dark qps" /></label>
</form>
<main>
${pictures
  .map(
    ({ file, page, dress }) =>
      `<figure data-page="${page}" data-dress="${dress}"><a href="${file}"><img loading="lazy" src="${file}" alt="" /></a><figcaption>${page} · ${dress}</figcaption></figure>`,
  )
  .join("\n")}
</main>
<script>
  const form = document.querySelector("form");
  form.oninput = () => {
    const [page, dress] = ["page", "dress"].map((name) => form.elements[name].value.split(" "));
    for (const figure of document.querySelectorAll("figure"))
      figure.hidden = !page.every((word) => figure.dataset.page.includes(word)) || !dress.every((word) => figure.dataset.dress.includes(word));
  };
  form.onsubmit = () => false;
</script>
`;
