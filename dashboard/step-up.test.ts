import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { call } from "./client.ts";
import { askStepUp, stepUpQuestion } from "./step-up.ts";

const refusal = () =>
  Response.json(
    {
      error: {
        type: "permission",
        code: "step_up_needed",
        message: "",
        param: "code",
        factors: ["app", "passkey"],
        requestId: "r",
      },
    },
    { status: 403 },
  );

describe("a call that the server wants proved", () => {
  const sent = vi.fn<typeof fetch>();
  beforeEach(() => {
    vi.stubGlobal("fetch", sent);
    sent.mockReset();
  });
  afterEach(() => {
    stepUpQuestion.peek()?.settle("left");
    vi.unstubAllGlobals();
  });

  it("is repeated once the person has proved it", async () => {
    sent.mockResolvedValueOnce(refusal()).mockResolvedValueOnce(Response.json({ key: "k" }));
    const answer = call("POST", "settings/keys", { kind: "secret" });
    await vi.waitFor(() => expect(stepUpQuestion.value?.what).toBe("code"));
    expect(stepUpQuestion.value?.factors).toEqual(["app", "passkey"]);
    expect(sent).toHaveBeenCalledTimes(1);
    stepUpQuestion.value?.settle("proved");
    expect(await answer).toEqual({ ok: true, value: { key: "k" } });
    expect(sent.mock.calls[1]).toEqual([
      sent.mock.calls[0]?.[0],
      { ...sent.mock.calls[0]?.[1], signal: expect.any(AbortSignal) },
    ]);
    expect(stepUpQuestion.value).toBeNull();
  });

  it("stays refused when the person turns away", async () => {
    sent.mockResolvedValueOnce(refusal());
    const answer = call("POST", "settings/keys", {});
    await vi.waitFor(() => expect(stepUpQuestion.value).not.toBeNull());
    stepUpQuestion.value?.settle("left");
    expect(await answer).toMatchObject({
      ok: false,
      failure: { code: "step_up_needed", param: null },
    });
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it("shares one question with others that wait", async () => {
    const both = Promise.all([askStepUp("password", []), askStepUp("password", [])]);
    stepUpQuestion.value?.settle("proved");
    expect(await both).toEqual(["proved", "proved"]);
  });
});
