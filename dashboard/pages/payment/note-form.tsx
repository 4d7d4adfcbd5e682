import { useState } from "preact/hooks";
import { say } from "../../dictionary/words.ts";
import { postNote } from "../../payment-client.ts";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { failureText } from "../failure.tsx";
import { useSending } from "./use-sending.ts";

const NOTE_MAX = 2_000;

/** A few lines for colleagues, told in the story at their time. */
export function NoteForm({ id }: { readonly id: string }) {
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const { trying, send } = useSending(() => setText(""));
  const submit = () => {
    const missing = text.trim() === "";
    setFault(missing ? say("note.missing") : null);
    if (!missing) void send(() => postNote(id, text));
  };
  return (
    <form
      class="form note-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextArea
        label={say("note.label")}
        name="note"
        rows={2}
        maxLength={NOTE_MAX}
        hint={say("note.hint")}
        value={text}
        onInput={setText}
        error={fault ?? (trying.kind === "failed" ? failureText(trying.failure) : null)}
      />
      <p>
        <Button type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
          {say("note.add")}
        </Button>
      </p>
    </form>
  );
}
