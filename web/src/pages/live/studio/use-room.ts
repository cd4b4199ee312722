import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { ask } from "#base/api/request/client.ts";
import type { Live } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { storeLive } from "#parts/live/queries.ts";
import { isWholeKey } from "#parts/live/room-state.ts";
import {
  bodyOf,
  draftOf,
  emptyDraft,
  hasPasswordOf,
  missingInRoom,
  type RoomDraft,
  type RoomMissing,
} from "./room-draft.ts";

/** Typed text is saved after a pause of this length. */
const saveAfterMs = 800;

export interface Room {
  readonly draft: RoomDraft;
  readonly change: (part: Partial<RoomDraft>) => void;
  /** Fields that were missing at the last attempt. */
  readonly missing: readonly RoomMissing[];
  readonly problem: string | null;
  readonly isBusy: boolean;
  readonly isSaved: boolean;
  /** The whole key, until the page is left. */
  readonly wholeKey: string | null;
  readonly setKey: (key: string) => void;
  /** Makes the room; its address and key come with it. */
  readonly create: () => void;
  /** Saves what was typed, and opens the room. */
  readonly start: () => void;
}

/** A room that is prepared: what is typed about it, saved as one types once it exists. */
export function useRoom(live: Live | null): Room {
  const navigate = useNavigate();
  const text = useErrorText();
  const [draft, setDraft] = useState(() => (live === null ? emptyDraft : draftOf(live)));
  const saved = useRef(live === null ? null : draft);
  const [isSaved, setSaved] = useState(false);
  const [wasAsked, setAsked] = useState(false);
  const [wholeKey, setKey] = useState<string | null>(null);
  const hasPassword = live !== null && hasPasswordOf(live);
  const missing = missingInRoom(draft, hasPassword, Date.now());

  const {
    run: work,
    isBusy,
    problem,
    setProblem,
  } = useAction(async (doIt: () => Promise<void>) => {
    setAsked(true);
    if (missing.length > 0) {
      focusOn(missing[0]);
      return;
    }
    await doIt();
  });
  const save = async (id: number) => {
    if (saved.current === draft) return;
    storeLive(await ask("live.update", { path: { id }, body: bodyOf(draft) }));
    saved.current = draft;
    setSaved(true);
  };
  const saveTyped = useEffectEvent(() => {
    if (live === null || isBusy || missing.length > 0) return;
    save(live.id).then(
      () => setProblem(null),
      (thrown: unknown) => setProblem(text(thrown)),
    );
  });
  useEffect(() => {
    if (saved.current === draft || saved.current === null) return undefined;
    setSaved(false);
    const timer = setTimeout(() => saveTyped(), saveAfterMs);
    return () => clearTimeout(timer);
  }, [draft]);

  const create = () =>
    void work(async () => {
      const made = await ask("live.create", { body: bodyOf(draft) });
      if (isWholeKey(made.stream_key)) setKey(made.stream_key);
      saved.current = draft;
      storeLive(made);
      await navigate({ to: "/live/new", search: { room: made.id }, replace: true });
    });
  const start = () =>
    void work(async () => {
      if (live === null) return;
      await save(live.id);
      storeLive(await ask("live.start", { path: { id: live.id }, body: {} }));
      await navigate({ to: "/live/$id/studio", params: { id: live.id }, replace: true });
    });
  return {
    draft,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    missing: wasAsked ? missing : [],
    problem,
    isBusy,
    isSaved,
    wholeKey,
    setKey,
    create,
    start,
  };
}

function focusOn(missing: RoomMissing | undefined): void {
  document.querySelector<HTMLElement>(`[data-field="${missing}"] :is(input, textarea, button)`)?.focus();
}
