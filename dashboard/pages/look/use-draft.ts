/** What a person does with the form of the look: change it, choose a file, save it. */
import { useState } from "preact/hooks";
import type { BrandView } from "../../../shared/brand-api.ts";
import { LOGO_FAULTS, type LogoFault } from "../../../shared/brand-rules.ts";
import type { Failure } from "../../client.ts";
import { postBrand } from "../../look-client.ts";
import { type Draft, draftOf, isAccent, nameFault, requestOf } from "./draft.ts";
import { readLogoFile } from "./logo-file.ts";

export type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "checked" }
  | { readonly kind: "saved" }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface LookDeps {
  readonly view: BrandView;
  readonly onView: (view: BrandView) => void;
  /** Reads the look anew, as somebody else has left it. */
  readonly onStale: () => Promise<BrandView | null>;
  /** Takes the person to a field that is wrong. */
  readonly onWrong: (field: "name" | "accent") => void;
}

export function useDraft({ view, onView, onStale, onWrong }: LookDeps) {
  const [draft, setDraft] = useState(draftOf(view));
  const [logoFault, setLogoFault] = useState<LogoFault | null>(null);
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const change = (part: Partial<Draft>) => {
    setDraft((now) => ({ ...now, ...part }));
    if (part.logo !== undefined) setLogoFault(null);
    setTrying((now) => (now.kind === "busy" ? now : { kind: "ready" }));
  };
  const take = async (file: File) => {
    const read = await readLogoFile(file);
    if ("fault" in read) setLogoFault(read.fault);
    else change({ logo: read });
  };
  const fail = async (failure: Failure) => {
    const code = failure.kind === "refused" ? failure.code : null;
    const refused = LOGO_FAULTS.find((fault) => fault === code) ?? null;
    setLogoFault(refused);
    // Somebody else was quicker: the page shows what they left, and this person looks again.
    const fresh = code === "stale" ? await onStale() : null;
    if (fresh !== null) setDraft(draftOf(fresh));
    setTrying(refused === null ? { kind: "failed", failure } : { kind: "ready" });
  };
  const save = async () => {
    const wrong =
      nameFault(draft.name) !== null ? "name" : isAccent(draft.accent) ? null : "accent";
    if (wrong !== null) {
      setTrying({ kind: "checked" });
      onWrong(wrong);
      return;
    }
    setTrying({ kind: "busy" });
    const answer = await postBrand(requestOf(draft, view));
    if (!answer.ok) return fail(answer.failure);
    onView(answer.value);
    setDraft(draftOf(answer.value));
    setLogoFault(null);
    setTrying({ kind: "saved" });
  };
  return { draft, logoFault, trying, change, take, save };
}
