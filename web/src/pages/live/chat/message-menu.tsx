import { AtSign, Ban, Clock, Flag, Pin, Trash2, UserPlus, UserRound, VolumeX } from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Live } from "#base/api/types.ts";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { useReport } from "#parts/report/use-report.tsx";
import { nameOf, type RoomLine } from "../feed/lines.ts";
import { useRoomView } from "../feed/use-room-feed.ts";
import { mayInvite } from "../guests/guest-state.ts";
import { useGuestActions } from "../guests/invite.ts";

interface MessageMenuProps {
  line: RoomLine;
  live: Live;
  onMention: (username: string) => void;
}

const iconSize = { size: 18, "aria-hidden": true } as const;
/** How long a viewer may be muted, in minutes. */
const mutes = [
  { minutes: 10, text: "room.mute.10min", Icon: Clock },
  { minutes: 60, text: "room.mute.1h", Icon: Clock },
  { minutes: 1_440, text: "room.mute.1day", Icon: VolumeX },
] as const;

/** Actions on a message: three dots at its end; with a finger the message itself is the button. */
export function MessageMenu({ line, live, onMention }: MessageMenuProps) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const mayModerate = useRoomView((view) => view.mayModerate);
  const moderate = useModeration(live.id, line);
  const guests = useGuestActions(live.id);
  const { report, sheet } = useReport({ kind: "user", id: line.userId });
  const isMine = me?.id === line.userId;
  // The owner of a room is restricted by nobody in it.
  const mayRestrict = mayModerate && !isMine && line.userId !== live.owner_id && line.userId !== 0;
  return (
    <>
      <MoreMenu
        label={t("room.message.more", { name: nameOf(line) || t("room.nameless") })}
        className={
          "absolute end-1 top-0.5 grid size-7 place-items-center rounded-md bg-strong text-ink opacity-0 group-hover/message:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 " +
          "pointer-coarse:inset-0 pointer-coarse:size-auto pointer-coarse:opacity-0!"
        }
        actions={[
          me != null &&
            !isMine &&
            line.username !== "" && {
              id: "reply",
              text: t("room.message.reply"),
              icon: <AtSign {...iconSize} />,
              run: () => onMention(line.username),
            },
          mayModerate &&
            line.kind === "chat" && {
              id: "pin",
              text: t("room.message.pin"),
              icon: <Pin {...iconSize} />,
              run: moderate.pin,
            },
          mayInvite(live, line.userId) && {
            id: "guest",
            text: t("guests.inviteOne"),
            icon: <UserPlus {...iconSize} />,
            run: () => guests.invite(line.userId, nameOf(line)),
          },
          line.username !== "" && {
            id: "profile",
            text: t("room.message.profile"),
            icon: <UserRound {...iconSize} />,
            run: () => void navigate({ to: "/@{$username}", params: { username: line.username } }),
          },
          mayModerate &&
            line.kind === "gift" &&
            line.userId === 0 && {
              id: "giver",
              text: t("room.gift.giver"),
              icon: <UserRound {...iconSize} />,
              run: moderate.showGiver,
            },
          (mayModerate || isMine) &&
            line.text !== "" && {
              id: "delete",
              text: t(line.kind === "gift" ? "room.gift.deleteText" : "room.message.delete"),
              icon: <Trash2 {...iconSize} />,
              isDanger: true,
              run: moderate.remove,
            },
          ...(mayRestrict ? moderate.restrictions : []),
          !isMine &&
            line.userId !== 0 && {
              id: "report",
              text: t("room.message.report"),
              icon: <Flag {...iconSize} />,
              run: report,
            },
        ]}
      />
      {sheet}
    </>
  );
}

/** Actions of a moderator on a message and its author. The server sends them to the room. */
function useModeration(id: number, line: RoomLine) {
  const { t } = useTranslation();
  const text = useErrorText();
  const navigate = useNavigate();
  const { seq, userId } = line;
  const name = nameOf(line);
  const run = (work: Promise<unknown>, after: () => void = () => undefined) =>
    void work.then(
      () => after(),
      (thrown: unknown) => showToast(text(thrown)),
    );
  const ofUser = { path: { id, user_id: userId } };
  const undo = (work: () => Promise<unknown>) => ({ name: t("action.undo"), run: () => run(work()) });
  /** Those who moderate a room see who gave anonymously. */
  const showGiver = async () => {
    const recordId = line.kind === "gift" ? line.recordId : 0;
    const { list } = await ask("live.giftRecords", { path: { id }, query: { page_size: 100 } });
    const user = list.find((record) => record.id === recordId)?.user;
    if (user) void navigate({ to: "/@{$username}", params: { username: user.username } });
    else showToast(t("room.gift.giver.unknown"));
  };
  const mute = (minutes: number) =>
    run(ask("live.muteInRoom", { ...ofUser, body: { minutes } }), () =>
      showToast(
        t("room.mute.done", { name }),
        undo(() => ask("live.unmuteInRoom", ofUser)),
      ),
    );
  const ban = () =>
    run(ask("live.banFromRoom", { ...ofUser, body: {} }), () =>
      showToast(
        t("room.ban.done", { name }),
        undo(() => ask("live.unbanFromRoom", ofUser)),
        8_000,
      ),
    );
  const restrictions = [
    ...mutes.map(({ minutes, text: key, Icon }) => ({
      id: `mute ${minutes}`,
      text: t(key),
      icon: <Icon {...iconSize} />,
      run: () => mute(minutes),
    })),
    { id: "ban", text: t("room.ban"), icon: <Ban {...iconSize} />, isDanger: true, run: ban },
  ];
  return {
    restrictions,
    showGiver: () => run(showGiver()),
    remove: () => run(ask("live.deleteMessage", { path: { id, seq } })),
    pin: () => run(ask("live.pin", { path: { id }, body: { seq } })),
  };
}
