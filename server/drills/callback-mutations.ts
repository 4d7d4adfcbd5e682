/** Changes to the text and the bytes of a callback, whatever it says. */
import type { Dice } from "./dice.ts";

/** Another text. */
export function textMutation(dice: Dice, text: string): string {
  const at = dice.int(text.length + 1);
  switch (dice.int(12)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + dice.pick([...'"{}[]:,0 \\\u0000xé']) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1);
    case 3:
      return text.replace(/"ResultCode":[^,}]+/, (one) => `${one},"ResultCode":0`);
    case 4:
      return text.replace(/"ResultCode":[^,}]+/, (one) => `"ResultCode":0,${one}`);
    case 5:
      return `\ufeff${text}`;
    case 6:
      return text + dice.pick(["\n", " ", "\u0000", "{}", ",", text]);
    case 7:
      return text.replace(
        /"ResultCode":0/,
        `"ResultCode":${dice.pick(["0.0", "-0", "0e9", "00"])}`,
      );
    case 8:
      return dice.pick([
        "",
        " ",
        "<html>502 Bad Gateway</html>",
        "Body=1&ResultCode=0",
        "null",
        "[]",
      ]);
    case 9:
      return text.replaceAll('"', "'");
    case 10:
      return text.replace(/ResultCode/, "Result\\u0043ode");
    default:
      return dice.chance(0.1) ? text + " ".repeat(300_000) : text.toUpperCase();
  }
}

/** A few bytes changed. */
export function byteMutation(dice: Dice, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  for (let i = 0; i <= dice.int(4) && changed.length > 0; i += 1) {
    changed[dice.int(changed.length)] = dice.int(256);
  }
  return changed;
}
