import { type RefObject, type SubmitEvent, useState } from "react";
import { useMe } from "#base/api/queries.ts";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { Operations, Video } from "#base/api/types.ts";
import { charactersIn } from "#base/text/characters.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { colorValue, type Look } from "./look.ts";
import { prefer } from "./preferences.ts";
import { showDanmaku } from "./query.ts";

const contentMax = 100;

/** Danmaku are for users who are signed in, on videos that take comments. */
export function useMayPost(video: Video): boolean {
  const me = useMe();
  // Their line has its place before the server has said who the viewer is: nothing moves then.
  return me !== null && video.allow_comment;
}

export interface DanmakuDraft {
  readonly look: Look;
  readonly setLook: (look: Look) => void;
  readonly content: string;
  readonly setContent: (content: string) => void;
  /** The characters over the limit; 0 or less when it can be sent. */
  readonly tooMany: number;
  readonly isBusy: boolean;
  readonly submit: (event: SubmitEvent<HTMLFormElement>) => void;
}

/** The typed text, the look of its line, and the way to post it. */
export function useDanmakuDraft(video: Video, timeS: RefObject<number>, onPosted?: () => void): DanmakuDraft {
  const [look, setLook] = useState<Look>({ mode: "scroll", color: "white" });
  const [content, setContent] = useState("");
  const [attempt] = useState(() => new Attempt<Operations["interaction.sayAt"]["body"]>());
  const tooMany = charactersIn(content) - contentMax;

  const { run: say, isBusy } = useAction(
    async () => {
      const said = content.trim();
      const { mode } = look;
      const color = colorValue(look.color);
      const make = () => ({ position: Math.round(timeS.current * 1_000) / 1_000, content: said, color, mode });
      const request = { path: { id: video.id }, ...attempt.of(`${mode} ${color} ${said}`, make) };
      showDanmaku(video.id, await ask("interaction.sayAt", request));
      attempt.finish();
      setContent("");
      prefer({ isOn: true });
      onPosted?.();
    },
    { failure: "toast" },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (content.trim() !== "" && tooMany <= 0) void say();
  };
  return { look, setLook, content, setContent, tooMany, isBusy, submit };
}
