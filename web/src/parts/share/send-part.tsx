import { useInfiniteQuery } from "@tanstack/react-query";
import { Check, Search } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { conversationsQuery } from "#base/api/message-queries.ts";
import { peopleQuery } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { UserBrief, Video } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { SearchBox } from "#base/ui/fields/search-box.tsx";
import { useSettled } from "#base/ui/fields/use-settled.ts";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { searchUsersQuery } from "#parts/search/queries.ts";

type Person = Pick<UserBrief, "id" | "username" | "nickname" | "avatar">;
const peopleMax = 10;
const messageMax = 2_000;

/** Several people at once, each in their own conversation, with a message for all. */
export function SendPart({ video, meId, onDone }: { video: Video; meId: number; onDone: () => void }) {
  const { t } = useTranslation();
  const [isSearching, setSearching] = useState(false);
  const [typed, setTyped] = useState("");
  const q = useSettled(typed.trim());
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [message, setMessage] = useState("");
  const people = usePeople(q, meId, chosen);
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
      {isSearching && (
        <SearchBox
          label={t("share.video.search")}
          value={typed}
          charactersMax={60}
          onChange={setTyped}
          className="mb-3"
          autoFocus
        />
      )}
      <PeopleRow
        people={people}
        chosen={chosen}
        q={q}
        onToggle={toggle}
        {...(!isSearching && { onFind: () => setSearching(true) })}
      />
      {chosen.length > 0 && (
        <div className="mt-3 flex items-center gap-2">
          <div className="min-w-0 flex-1">
            <MessageField chosen={chosen} value={message} onChange={setMessage} />
          </div>
          <Button
            look="inverse"
            className="pointer-fine:min-h-10"
            isBusy={isBusy}
            onPress={() => void send(chosen, message.trim())}
          >
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
  /** Opens the search; left out where it is open. */
  onFind?: () => void;
}

const faceClass = "flex w-18 flex-col items-center gap-1 rounded-lg p-1.5 hover:bg-raised";

/** Faces to choose from, in one line, and the way to others at its end. */
function PeopleRow({ people, chosen, q, onToggle, onFind }: PeopleRowProps) {
  const { t } = useTranslation();
  return (
    <div className="flex items-center gap-1">
      {people.length === 0 ? (
        <p className="min-w-0 flex-1 py-2 text-soft">
          {q === "" ? t("share.video.nobody") : t("share.video.notFound", { q })}
        </p>
      ) : (
        <ul className="-ms-5 flex min-w-0 flex-1 gap-1 overflow-x-auto ps-4 [scrollbar-width:none]">
          {people.map((person) => (
            <li key={person.id}>
              <Face
                person={person}
                isChosen={chosen.some(({ id }) => id === person.id)}
                onToggle={() => onToggle(person)}
              />
            </li>
          ))}
        </ul>
      )}
      {onFind !== undefined && (
        <button type="button" onClick={onFind} className={`-me-2 shrink-0 ${faceClass}`}>
          <span className="grid size-12 place-items-center rounded-full bg-raised">
            <Search size={20} aria-hidden />
          </span>
          <span className="text-xs text-soft">{t("share.video.find")}</span>
        </button>
      )}
    </div>
  );
}

function Face({ person, isChosen, onToggle }: { person: Person; isChosen: boolean; onToggle: () => void }) {
  return (
    <button type="button" aria-pressed={isChosen} onClick={onToggle} className={faceClass}>
      <span className="relative">
        <Avatar user={person} size="rail" />
        {isChosen && (
          <span className="absolute -end-0.5 -bottom-0.5 grid size-5 place-items-center rounded-full bg-ink text-page ring-2 ring-surface">
            <Check size={12} strokeWidth={3} aria-hidden />
          </span>
        )}
      </span>
      <span className={`w-full truncate text-center text-xs ${isChosen ? "font-semibold" : "text-soft"}`}>
        <bdi>{nameOf(person)}</bdi>
      </span>
    </button>
  );
}

const nameOf = ({ nickname, username }: Person): string => nickname || username;

interface MessageFieldProps {
  chosen: readonly Person[];
  value: string;
  onChange: (text: string) => void;
}

/** The message that goes with the video; it may be empty. */
function MessageField({ chosen, value, onChange }: MessageFieldProps) {
  const { t } = useTranslation();
  const [only, other] = chosen;
  const label =
    only !== undefined && other === undefined
      ? t("share.video.messageTo", { name: nameOf(only) })
      : t("share.video.messageToMany");
  return (
    <input
      aria-label={label}
      placeholder={label}
      value={value}
      maxLength={messageMax}
      onChange={({ target }) => onChange(target.value)}
      className="h-11 w-full rounded-lg bg-raised px-3 text-base placeholder:text-faint pointer-fine:h-10 pointer-fine:text-sm"
    />
  );
}

/** Those the viewer writes with, then those they follow; or who is found by a name. The chosen ones stay in sight. */
function usePeople(q: string, meId: number, chosen: readonly Person[]): Person[] {
  const conversations = useInfiniteQuery(conversationsQuery("inbox"));
  const followed = useInfiniteQuery(peopleQuery(meId, "following"));
  const matches = useInfiniteQuery({ ...searchUsersQuery(q), enabled: q !== "" });
  const recent = (conversations.data?.pages[0]?.list ?? []).map(({ user_id: id, username, nickname, avatar }) => ({
    id,
    username,
    nickname,
    avatar,
  }));
  const candidates =
    q === "" ? [...recent, ...(followed.data?.pages[0]?.list ?? [])] : (matches.data?.pages[0]?.list ?? []);
  const all = [...chosen, ...candidates].filter(({ id }) => id !== meId);
  return [...new Map(all.map((person) => [person.id, person])).values()].slice(0, 20);
}

/** A message about a video, as the contract numbers them: it may be without words. */
const videoType = 3;
interface NewMessage {
  receiver_id: number;
  type: number;
  content: string;
  video_id: number;
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
  // One attempt for each person: what was sent, and only the answer lost, is not sent twice.
  const attempts = useRef(new Map<number, Attempt<NewMessage>>());
  const {
    run: send,
    isBusy,
    problem,
    setProblem,
  } = useAction(async (chosen: readonly Person[], content: string): Promise<void> => {
    const failed: Person[] = [];
    let reason: unknown;
    for (const person of chosen) {
      const attempt = attempts.current.get(person.id) ?? new Attempt();
      attempts.current.set(person.id, attempt);
      const make = () => ({ receiver_id: person.id, type: videoType, content, video_id: video.id });
      try {
        await ask("message.send", attempt.of(content, make));
        attempt.finish();
      } catch (thrown) {
        failed.push(person);
        reason = thrown;
      }
    }
    void invalidate(keyOf("conversations"));
    if (failed.length === 0) return onSent();
    onLeft(failed);
    const names = failed.map(nameOf).join(", ");
    setProblem(`${t("share.video.notSent", { names })} ${text(reason)}`);
  });
  return { isBusy, problem, send };
}
