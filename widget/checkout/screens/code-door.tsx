import { useChunk } from "../effects.ts";
import type { ScreenProps } from "./props.ts";

/** Few payments come to doubt: what asks for the SMS's code is loaded for them alone. */
const loadForm = () => import("./code.tsx");

export function CodeDoor(props: ScreenProps) {
  const form = useChunk(loadForm, "now");
  return form && <form.CodeForm {...props} />;
}
