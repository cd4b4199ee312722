import { useInfiniteQuery } from "@tanstack/react-query";
import { Check, Search } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Attempt } from "../api/attempt.ts";
import { ask } from "../api/client.ts";
import { peopleQuery, queryClient } from "../api/queries.ts";
import type { UserBrief, Video } from "../api/types.ts";
import { conversationsQuery } from "../inbox/queries.ts";
import { searchUsersQuery } from "../search/queries.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Problem, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";

type Person = Pick<UserBrief, "id" | "username" | "nickname" | "avatar">;
const peopleMax = 10;

/** Several people at once, each in their own conversation, with a message for all. */
export function SendPart({ video, meId, onDone }: { video: Video; meId: number; onDone: () => void }) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [message, setMessage] = useState("");
  const people = usePeople(q.trim(), meId, chosen);
  const toggle = (person: Person) =>
    setChosen((before) =>
      before.some(({ id }) => id === person.id)
        ? before.filter(({ id }) => id !== person.id)
        : [...before, person].slice(-peopleMax),
    );
  const { isBusy, problem, send } = useSending(video, {
    onSent: () => {
      showToast(t("share.video.sent", { count: chosen.length }));
      onDone();
    },
    onLeft: setChosen,
  });
  return (
    <section aria-label={t("share.video.send")}>
      <div className="mb-3 flex items-center gap-2 rounded-full bg-raised ps-4">
        <Search size={16} aria-hidden className="text-faint" />
        <input
          type="search"
          value={q}
          onChange={({ target }) => setQ(target.value)}
          aria-label={t("share.video.search")}
          placeholder={t("share.video.search")}
          maxLength={60}
          className="min-h-11 min-w-0 flex-1 bg-transparent text-base outline-none! placeholder:text-faint pointer-fine:min-h-9 pointer-fine:text-sm"
        />
      </div>
      <PeopleRow people={people} chosen={chosen} q={q.trim()} onToggle={toggle} />
      {chosen.length > 0 && (
        <div className="mt-3 flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <Field label={t("share.video.message")} value={message} onChange={setMessage} charactersMax={2000} />
          </div>
          <Button look="inverse" isBusy={isBusy} onPress={() => void send(chosen, message.trim())}>
            {t("share.video.sendTo", { count: chosen.length })}
          </Button>
        </div>
      )}
      {problem !== null && (
        <div className="mt-3">
          <Problem>{problem}</Problem>
        </div>
      )}
    </section>
  );
}

interface PeopleRowProps {
  people: readonly Person[];
  chosen: readonly Person[];
  q: string;
  onToggle: (person: Person) => void;
}

/** Faces to choose from, in one line. */
function PeopleRow({ people, chosen, q, onToggle }: PeopleRowProps) {
  const { t } = useTranslation();
  if (people.length === 0)
    return <p className="py-2 text-soft">{q === "" ? t("share.video.nobody") : t("share.video.notFound", { q })}</p>;
  return (
    <ul className="-mx-5 flex gap-1 overflow-x-auto px-5 pb-1 [scrollbar-width:none]">
      {people.map((person) => {
        const isChosen = chosen.some(({ id }) => id === person.id);
        return (
          <li key={person.id}>
            <button
              type="button"
              aria-pressed={isChosen}
              onClick={() => onToggle(person)}
              className="flex w-18 flex-col items-center gap-1 rounded-lg p-1.5 hover:bg-raised"
            >
              <span className="relative">
                <Avatar user={person} size="rail" />
                {isChosen && (
                  <span className="absolute -end-0.5 -bottom-0.5 grid size-5 place-items-center rounded-full bg-accent text-on-accent ring-2 ring-surface">
                    <Check size={12} strokeWidth={3} aria-hidden />
                  </span>
                )}
              </span>
              <bdi className="w-full truncate text-center text-xs">{person.nickname || person.username}</bdi>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Those the viewer writes with, then those they follow; or who is found by a name. The chosen ones stay in sight. */
function usePeople(q: string, meId: number, chosen: readonly Person[]): Person[] {
  const conversations = useInfiniteQuery(conversationsQuery("inbox"));
  const followed = useInfiniteQuery(peopleQuery(meId, "following"));
  const found = useInfiniteQuery({ ...searchUsersQuery(q), enabled: q !== "" });
  const recent = (conversations.data?.pages[0]?.list ?? []).map(({ user_id: id, username, nickname, avatar }) => ({
    id,
    username,
    nickname,
    avatar,
  }));
  const rest = q === "" ? [...recent, ...(followed.data?.pages[0]?.list ?? [])] : (found.data?.pages[0]?.list ?? []);
  const all = [...chosen, ...rest].filter(({ id }) => id !== meId);
  return [...new Map(all.map((person) => [person.id, person])).values()].slice(0, 20);
}

interface Sending {
  onSent: () => void;
  /** Those it did not reach. */
  onLeft: (people: readonly Person[]) => void;
}

/** Sends the video to one person after the other; whom it did not reach is left to try again. */
function useSending(video: Video, { onSent, onLeft }: Sending) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  // One attempt for each person: what was sent, and only the answer lost, is not sent twice.
  const attempts = useRef(new Map<number, Attempt<{ receiver_id: number; content: string; video_id: number }>>());
  const send = async (chosen: readonly Person[], content: string) => {
    setBusy(true);
    setProblem(null);
    const failed: Person[] = [];
    let reason: unknown;
    for (const person of chosen) {
      const attempt = attempts.current.get(person.id) ?? new Attempt();
      attempts.current.set(person.id, attempt);
      const make = () => ({ receiver_id: person.id, content, video_id: video.id });
      try {
        await ask("message.send", attempt.of(content, make));
        attempt.taken();
      } catch (thrown) {
        failed.push(person);
        reason = thrown;
      }
    }
    void queryClient.invalidateQueries({ queryKey: ["conversations"] });
    setBusy(false);
    if (failed.length === 0) {
      onSent();
      return;
    }
    onLeft(failed);
    const names = failed.map(({ nickname, username }) => nickname || username).join(", ");
    setProblem(`${t("share.video.notSent", { names })} ${text(reason)}`);
  };
  return { isBusy, problem, send };
}
