import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { act, waitFor } from "@testing-library/react";
import { useQuery } from "@tanstack/react-query";
import { settleLogIn, useLogInRequest } from "#base/api/log-in-request.ts";
import { videoQuery } from "#base/api/queries.ts";
import { Refusal, showPage } from "#testing/page.tsx";
import { videoOf } from "#testing/videos.ts";
import { useFavorite, useLike } from "./use-video-actions.ts";

const initialData = videoOf({ is_favorited: false, favorite_count: 2 });

/** The two buttons as the feed has them: their video is a query. */
function Buttons() {
  const { data } = useQuery({ ...videoQuery(7), initialData, staleTime: Number.POSITIVE_INFINITY });
  const favorite = useFavorite(data);
  const like = useLike(data);
  return (
    <>
      <button type="button" aria-pressed={data.is_favorited} onClick={favorite}>
        Save {data.favorite_count}
      </button>
      <button type="button" aria-pressed={data.is_liked} onClick={() => like()}>
        Like {data.like_count}
      </button>
      <p role="note">{useLogInRequest()?.why}</p>
    </>
  );
}

const buttons = [
  { name: "Save", request: "POST /api/v1/videos/7/favorite", before: 2, why: "Log in to save videos" },
  { name: "Like", request: "POST /api/v1/videos/7/like", before: 3, why: "Log in to like videos" },
];
for (const { name, request, before, why } of buttons)
  describe(`the button “${name}” of a video`, () => {
    it("counts the viewer before the server has answered, and has its count after that", async () => {
      const answer = Promise.withResolvers<unknown>();
      const answers = { [request]: () => answer.promise };
      const { user, getByRole, findByRole } = await showPage(<Buttons />, { me: {}, answers });
      const button = getByRole("button", { name: `${name} ${before}` });
      await user.click(button);
      assert.equal(button.textContent, `${name} ${before + 1}`);
      assert.equal(button.getAttribute("aria-pressed"), "true");
      answer.resolve({ favorited: true, favorite_count: 40, liked: true, like_count: 40 });
      await findByRole("button", { name: `${name} 40` });
    });

    it("takes it back when the server refuses, and says why", async () => {
      const answers = { [request]: () => new Refusal(403, "video.not_allowed") };
      const { user, getByRole, findByRole } = await showPage(<Buttons />, { me: {}, answers });
      await user.click(getByRole("button", { name: `${name} ${before}` }));
      await waitFor(() => assert.equal(document.querySelectorAll("[data-toast]").length, 1));
      const button = await findByRole("button", { name: `${name} ${before}` });
      assert.equal(button.getAttribute("aria-pressed"), "false");
    });

    it("asks a visitor to log in, and changes nothing if they do not", async () => {
      const { user, getByRole, requests } = await showPage(<Buttons />);
      await user.click(getByRole("button", { name: `${name} ${before}` }));
      assert.equal(getByRole("note").textContent, why);
      await act(async () => settleLogIn(false));
      assert.equal(getByRole("note").textContent, "");
      getByRole("button", { name: `${name} ${before}` });
      assert.deepEqual(requests, []);
    });
  });
