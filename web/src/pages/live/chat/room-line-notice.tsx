import { WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { classNames } from "#base/ui/class-names.ts";
import { useRoomView } from "../feed/use-room-feed.ts";

/** At the end of the messages: that the connection is lost, or who came last. It is not read out with the messages. */
export function RoomLineNotice({ isOverPicture }: { isOverPicture: boolean }) {
  const { t } = useTranslation();
  const connection = useRoomView((view) => view.connection);
  const arrival = useRoomView((view) => view.arrival);
  const words = isOverPicture ? "text-white/85 text-shadow-video" : "px-2 text-soft";
  if (connection === "reconnecting")
    return (
      <p className={classNames("flex min-h-7 items-center gap-2 text-xs font-medium", words)}>
        <WifiOff size={14} aria-hidden />
        {t("room.reconnecting")}
      </p>
    );
  if (arrival === null) return null;
  return (
    <p aria-live="off" className={classNames("min-h-6 truncate text-xs", words)}>
      {t("room.joined", { name: arrival.name })}
    </p>
  );
}
