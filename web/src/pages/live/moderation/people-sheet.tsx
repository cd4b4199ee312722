import { useQuery } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Live, UserBrief } from "#base/api/types.ts";
import { formatDate } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { moderatorsQuery, refreshPeople, restrictionsQuery } from "./queries.ts";

/** The moderators of a room, and the users who may not write in it or watch it. */
export function PeopleSheet({ live, onClose }: { live: Live; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet title={t("mod.people")} isOpen onClose={onClose} wide>
      <div className="flex flex-col gap-7">
        <Moderators live={live} />
        <Restricted liveId={live.id} />
      </div>
    </Sheet>
  );
}

function Moderators({ live }: { live: Live }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useQuery(moderatorsQuery(live.id));
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const add = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const username = name.trim().replace(/^@/, "");
    if (username === "") return;
    setProblem(null);
    try {
      const { id } = await ask("user.byName", { path: { username } });
      await ask("live.addModerator", { path: { id: live.id, user_id: id }, body: {} });
      setName("");
      refreshPeople(live.id);
    } catch (thrown) {
      setProblem(asFailure(thrown).status === 404 ? t("mod.moderators.unknown") : text(thrown));
    }
  };
  return (
    <section aria-labelledby="moderators">
      <h3 id="moderators" className="text-base font-semibold">
        {t("mod.moderators")}
      </h3>
      <p className="mb-3 text-sm text-soft">{t("mod.moderators.text")}</p>
      {live.is_mine && (
        <form onSubmit={(event) => void add(event)} className="mb-2 flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <Field label={t("mod.moderators.name")} value={name} onChange={setName} problem={problem} />
          </div>
          <Button look="inverse" type="submit" className="mt-6.5 min-h-11!">
            {t("mod.add")}
          </Button>
        </form>
      )}
      {query.isError && <LoadFailed query={query} />}
      {query.data?.list.length === 0 && <p className="py-3 text-soft">{t("mod.moderators.none")}</p>}
      <ul>
        {query.data?.list.map(({ user_id, user }) => (
          <Person key={user_id} user={user} userId={user_id}>
            {live.is_mine && (
              <Act
                name={t("action.remove")}
                liveId={live.id}
                work={() => ask("live.removeModerator", { path: { id: live.id, user_id } })}
              />
            )}
          </Person>
        ))}
      </ul>
    </section>
  );
}

function Restricted({ liveId }: { liveId: number }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(restrictionsQuery(liveId));
  return (
    <section aria-labelledby="restricted">
      <h3 id="restricted" className="text-base font-semibold">
        {t("mod.restricted")}
      </h3>
      {query.isError && <LoadFailed query={query} />}
      {query.data?.list.length === 0 && <p className="py-3 text-soft">{t("mod.restricted.none")}</p>}
      <ul>
        {query.data?.list.map(({ user_id, user, kind, until }) => {
          const path = { id: liveId, user_id };
          return (
            <Person
              key={`${kind} ${user_id}`}
              user={user}
              userId={user_id}
              fact={
                kind === "ban" || until === null
                  ? t("mod.banned")
                  : t("mod.muted", { time: formatDate(Date.parse(until), i18n.language) })
              }
            >
              <Act
                name={t("mod.lift")}
                liveId={liveId}
                work={() => (kind === "ban" ? ask("live.unbanFromRoom", { path }) : ask("live.unmuteInRoom", { path }))}
              />
            </Person>
          );
        })}
      </ul>
    </section>
  );
}

interface PersonProps {
  user: UserBrief | null;
  userId: number;
  fact?: string;
  children: ReactNode;
}

function Person({ user, userId, fact, children }: PersonProps) {
  const { t } = useTranslation();
  const face = user ?? { id: userId, username: t("shop.deleted"), nickname: "", avatar: "" };
  return (
    <li className="flex min-h-13 items-center gap-3">
      <Avatar user={face} size="comment" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          <bdi>{face.nickname || face.username}</bdi>
        </p>
        {fact !== undefined && <p className="truncate text-xs text-soft">{fact}</p>}
      </div>
      {children}
    </li>
  );
}

function Act({ name, liveId, work }: { name: string; liveId: number; work: () => Promise<unknown> }) {
  const text = useErrorText();
  return (
    <Button
      onPress={() =>
        void work().then(
          () => refreshPeople(liveId),
          (thrown: unknown) => showToast(text(thrown)),
        )
      }
    >
      {name}
    </Button>
  );
}
