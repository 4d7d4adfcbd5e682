/** What can be wrong with a passkey, in words. */
import type { Problem } from "./problem.ts";

const PROBLEMS = {
  /** PUBLIC_URL is no place for passkeys. */
  nowhere: {
    status: 409,
    type: "conflict",
    code: "passkeys_nowhere",
    message: "passkeys need PUBLIC_URL to be https with a name, not an address of digits",
  },
  /** The question is answered, replaced, too old, or from before a restart. */
  late: {
    status: 422,
    type: "invalid_request",
    code: "passkey_late",
    message: "this took too long; try once more",
  },
  unfit: {
    status: 422,
    type: "invalid_request",
    code: "passkey_unfit",
    message: "this passkey could not be read; try once more, or another device",
  },
  /** 422 and not 401: it ends nobody's session. The same for a passkey that nobody here has. */
  unknown: {
    status: 422,
    type: "invalid_request",
    code: "passkey_unknown",
    message: "this passkey opens no account here; use another way",
  },
  copied: {
    status: 422,
    type: "invalid_request",
    code: "passkey_copied",
    message:
      "this passkey was refused: it counted backwards, as one does that was copied; use another way and remove it",
  },
} as const satisfies Readonly<Record<string, Problem>>;

export function passkeyProblem(kind: keyof typeof PROBLEMS): Problem {
  return PROBLEMS[kind];
}
