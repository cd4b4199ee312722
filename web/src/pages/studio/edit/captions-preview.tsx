import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import {
  type DecodedCaptions,
  decodeCaptions,
  decodedAs,
  type LegacyEncoding,
  legacyEncodings,
} from "../../../../../src/media/captions/charset.ts";
import { CaptionsRejected } from "../../../../../src/media/captions/cue.ts";
import { type ParsedCaptions, parseCaptions } from "../../../../../src/media/captions/parse.ts";
import { plainText } from "../../../../../src/media/captions/plain.ts";
import { formatLength } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Problem } from "#base/ui/states/states.tsx";

/** A captions file as its owner is about to add it. `parsed` is absent where nothing of it can be read. */
export interface CaptionsDraft {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly decoded: DecodedCaptions | undefined;
  readonly parsed: ParsedCaptions | undefined;
}

const cuesShown = 3;
const omissionsShown = 5;

/** Reads a file, in an encoding that its owner chose or in a likely one. Pure. */
export function draftOf(name: string, bytes: Uint8Array, language: string, encoding?: LegacyEncoding): CaptionsDraft {
  const decoded = encoding === undefined ? decodeCaptions(bytes, language) : decodedAs(bytes, encoding);
  return { name, bytes, decoded, parsed: decoded && parsedOf(decoded.text) };
}

function parsedOf(text: string): ParsedCaptions | undefined {
  try {
    return parseCaptions(text);
  } catch (thrown) {
    if (thrown instanceof CaptionsRejected) return undefined;
    throw thrown;
  }
}

/** True for a file that shows its encoding by itself and of which nothing is left out. Pure. */
export const isClear = ({ decoded, parsed }: CaptionsDraft): boolean =>
  decoded?.isGuess === false && parsed?.omissions.length === 0;

interface CaptionsPreviewProps {
  draft: CaptionsDraft;
  isBusy: boolean;
  onEncoding: (encoding: LegacyEncoding) => void;
  onAdd: (text: string) => void;
  onCancel: () => void;
}

/** The first captions of a file, what is left out of it, and the encodings it may have, before it is added. */
export function CaptionsPreview({ draft, isBusy, onEncoding, onAdd, onCancel }: CaptionsPreviewProps) {
  const { t } = useTranslation();
  const { name, decoded, parsed } = draft;
  const isLegacy = decoded === undefined || decoded.isGuess;
  return (
    <div
      role="group"
      aria-label={t("my.captions.preview")}
      className="mt-2 flex flex-col gap-3 rounded-xl border border-line p-4"
    >
      <p className="text-sm font-medium wrap-anywhere">{name}</p>
      {decoded === undefined && <Problem>{t("my.captions.preview.unknown")}</Problem>}
      {isLegacy && (
        <Select
          label={t("my.captions.preview.encoding")}
          value={decoded?.encoding ?? ""}
          options={legacyEncodings.map((encoding) => ({
            value: encoding,
            name: t(`my.captions.encoding.${encoding}`),
          }))}
          onChange={(encoding) => {
            const legacy = legacyEncodings.find((candidate) => candidate === encoding);
            if (legacy !== undefined) onEncoding(legacy);
          }}
        />
      )}
      {decoded !== undefined && parsed === undefined && <Problem>{t("error.media.unreadable_captions")}</Problem>}
      {parsed !== undefined && <FirstCues parsed={parsed} />}
      {parsed !== undefined && parsed.omissions.length > 0 && <Omissions parsed={parsed} />}
      {isLegacy && parsed !== undefined && <p className="text-sm text-soft">{t("my.captions.preview.look")}</p>}
      <div className="flex flex-wrap gap-2">
        <Button
          look="main"
          isDisabled={isBusy || parsed === undefined || parsed.cues.length === 0}
          onPress={() => onAdd(decoded?.text ?? "")}
        >
          {t("my.captions.preview.add")}
        </Button>
        <Button look="ghost" onPress={onCancel}>
          {t("action.cancel")}
        </Button>
      </div>
    </div>
  );
}

function FirstCues({ parsed: { cues } }: { parsed: ParsedCaptions }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-1">
      <ol className="flex flex-col gap-1">
        {cues.slice(0, cuesShown).map(({ startMs, text }, place) => (
          <li key={place} className="flex gap-3">
            <span className="tabular shrink-0 text-soft">{formatLength(startMs / 1_000)}</span>
            <bdi className="wrap-anywhere">{plainText(text)}</bdi>
          </li>
        ))}
      </ol>
      <p className="text-sm text-soft">{t("my.captions.cues", { count: cues.length })}</p>
    </div>
  );
}

function Omissions({ parsed: { omissions } }: { parsed: ParsedCaptions }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-1 text-sm">
      <p className="flex items-start gap-1.5 text-warn">
        <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
        {t("my.captions.omitted", { count: omissions.length })}
      </p>
      <ul className="flex flex-col text-soft">
        {omissions.slice(0, omissionsShown).map(({ code, line }) => (
          <li key={line}>{t(`my.captions.omitted.${code}`, { line })}</li>
        ))}
      </ul>
    </div>
  );
}
