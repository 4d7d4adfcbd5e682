/** Everything that is shown once Pay was pressed, as one chunk that is loaded then. */
import type { ComponentType } from "preact";
import { laterWordsOf } from "./later-words.ts";
import type { Screen } from "./machine.ts";
import { Mark } from "./mark.tsx";
import {
  ClosedScreen,
  ReversedScreen,
  ReviewScreen,
  UnsuccessfulScreen,
} from "./screens/ended.tsx";
import { PaidScreen } from "./screens/paid.tsx";
import type { ScreenProps } from "./screens/props.ts";
import { CheckingScreen, DoubtScreen, LostScreen, WaitingScreen } from "./screens/waiting.tsx";
import { Pane } from "./ui.tsx";

export { announcement, noticeWords } from "./later-words.ts";

/** The token opens nothing: the address is wrong, or its time is over. */
export function GoneScreen({ locale }: Pick<ScreenProps, "locale">) {
  const words = laterWordsOf(locale);
  return (
    <>
      <Mark drawing="cross" tone="calm" />
      <Pane title={words.gone}>
        <p>{words.goneHint}</p>
      </Pane>
    </>
  );
}

export type LaterScreen = Exclude<Screen, "phone" | "sending" | "gone">;

export const LATER_SCREENS: Record<LaterScreen, ComponentType<ScreenProps>> = {
  waiting: WaitingScreen,
  checking: CheckingScreen,
  doubt: DoubtScreen,
  lost: LostScreen,
  paid: PaidScreen,
  unsuccessful: UnsuccessfulScreen,
  closed: ClosedScreen,
  review: ReviewScreen,
  reversed: ReversedScreen,
};
