import { Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { ChatPanel } from "../chat/chat-panel.tsx";
import { HeldMessages } from "../moderation/held-messages.tsx";
import { RuleChips } from "../moderation/rule-chips.tsx";

const PeopleSheet = lazySheet(() => import("../moderation/people-sheet.tsx"), "PeopleSheet");
const WordsSheet = lazySheet(() => import("../moderation/words-sheet.tsx"), "WordsSheet");

/** The chat as a host has it: with what waits for them above, and its rules below. */
export function StudioChat({ live }: { live: Live }) {
  const { t } = useTranslation();
  const [sheet, setSheet] = useState<"people" | "words" | null>(null);
  const onClose = () => setSheet(null);
  return (
    <>
      <ChatPanel
        live={live}
        tools={
          <IconButton label={t("mod.people")} onPress={() => setSheet("people")}>
            <Users size={20} aria-hidden />
          </IconButton>
        }
        foot={<RuleChips liveId={live.id} onWords={() => setSheet("words")} />}
      >
        <HeldMessages liveId={live.id} />
      </ChatPanel>
      {sheet === "people" && <PeopleSheet live={live} onClose={onClose} />}
      {sheet === "words" && <WordsSheet liveId={live.id} onClose={onClose} />}
    </>
  );
}
