import { X } from "lucide-react";
import { type ClipboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../buttons/button.tsx";
import { Field } from "./field.tsx";
import { addTags, hasSeveral, tagCharactersMax, tagsMax } from "./tags.ts";

interface TagFieldProps {
  tags: readonly string[];
  onChange: (tags: string[]) => void;
  isDisabled?: boolean;
}

/** Words by which a video is found: what is typed becomes one by Enter, by a comma, and when the field is left. */
export function TagField({ tags, onChange, isDisabled = false }: TagFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  /** Read out, as what changed is not where the focus is. */
  const [status, setStatus] = useState("");
  /** While letters are put together, as in Chinese, neither Enter nor a comma is what it seems. */
  const isComposing = useRef(false);
  const box = useRef<HTMLDivElement>(null);

  const add = (text: string) => {
    const { tags: all, rest: remainder } = addTags(tags, text);
    setTyped(remainder);
    if (all.length === tags.length) return;
    setStatus(t("tags.added", { tags: all.slice(tags.length).join(", ") }));
    onChange(all);
  };
  const type = (text: string) => {
    if (!isComposing.current && hasSeveral(text)) add(text);
    else setTyped(text);
  };
  const remove = (place: number) => {
    const tag = tags[place];
    if (tag === undefined) return;
    setStatus(t("tags.removed", { tag }));
    onChange(tags.toSpliced(place, 1));
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData("text");
    // An input of one line would lose the line breaks between them.
    if (!hasSeveral(pasted)) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    add(value.slice(0, selectionStart ?? value.length) + pasted + value.slice(selectionEnd ?? value.length));
  };
  return (
    <div ref={box} className="flex flex-col gap-2">
      <Field
        label={t("tags.label")}
        hint={t("tags.hint", { max: tagsMax, characters: tagCharactersMax })}
        value={typed}
        onChange={type}
        charactersMax={tagCharactersMax}
        problem={tags.length >= tagsMax && typed.trim() !== "" ? t("tags.full", { max: tagsMax }) : null}
        isDisabled={isDisabled}
        onPaste={paste}
        onBlur={() => add(typed)}
        onCompositionStart={() => (isComposing.current = true)}
        onCompositionEnd={({ currentTarget }) => {
          isComposing.current = false;
          type(currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) {
            // It would send the form.
            event.preventDefault();
            add(typed);
          } else if (event.key === "Backspace" && typed === "" && !event.repeat) remove(tags.length - 1);
          else event.continuePropagation();
        }}
      />
      {tags.length > 0 && (
        <Tags
          {...{ tags, isDisabled }}
          onRemove={remove}
          onEmpty={() => box.current?.querySelector("input")?.focus()}
        />
      )}
      <p role="status" className="sr-only">
        {status}
      </p>
    </div>
  );
}

interface TagsProps {
  tags: readonly string[];
  isDisabled: boolean;
  onRemove: (place: number) => void;
  /** Takes the focus when the last tag is removed. */
  onEmpty: () => void;
}

function Tags({ tags, isDisabled, onRemove, onEmpty }: TagsProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const press = (place: number) => {
    // Its button goes with it: the focus goes on before.
    const buttons = list.current?.querySelectorAll("button");
    const next = buttons?.[place + 1] ?? buttons?.[place - 1];
    if (next === undefined) onEmpty();
    else next.focus();
    onRemove(place);
  };
  return (
    <ul ref={list} aria-label={t("tags.chosen")} className="flex flex-wrap gap-2">
      {tags.map((tag, place) => (
        <li key={tag} className="max-w-full">
          <Button
            aria-label={t("tags.remove", { tag })}
            isDisabled={isDisabled}
            className="max-w-full rounded-full!"
            onPress={() => press(place)}
          >
            <span className="truncate">{tag}</span>
            <X size={14} aria-hidden className="shrink-0" />
          </Button>
        </li>
      ))}
    </ul>
  );
}
