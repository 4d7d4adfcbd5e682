/** `POST /mpesa/stkpush/v1/processrequest` (daraja.md §2). */
import type { Request, Response } from "express";
import { checkoutRequestId, merchantRequestId, promptId } from "./ids.ts";
import type { Prompt } from "./ledger.ts";
import { checkSigned, type DarajaParts } from "./parts.ts";
import { REFUSALS, sendFirewallPage, sendRefusal } from "./refusals.ts";
import { type PushRequest, readPush } from "./requests.ts";
import { failing, type Plan, type Scenario, scenarioFor, testScenario } from "./scenarios.ts";

/** A typical answer time of the gateway, before SIMULATOR_SPEED. */
const LATENCY_MS = 300;
/** Row 09 answers the push after its callback was heard, but not for ever later; real time. */
const PATIENCE_MS = 3_000;
/** DOC3: a prompt text beyond this ends as 1025. */
const PROMPT_TEXT_MAX = 182;
const AMOUNT_MAX = 250_000;

/** Refuses what Daraja refuses, else lets the phone's scenario begin. */
export async function takePush(parts: DarajaParts, req: Request, res: Response): Promise<void> {
  const request = readPush(req.body);
  const refusal = request.ok ? checkSigned(parts, request.value) : request.refusal;
  if (refusal !== null || !request.ok) {
    sendRefusal(res, refusal ?? REFUSALS.payload, parts.dice);
    return;
  }
  const { amount, phone } = request.value;
  const scenario = scenarioFor(phone);
  parts.log.info("simulator_push", { scenario: testScenario(phone) });
  await parts.clock.sleep(LATENCY_MS / parts.speed);
  switch (scenario.push) {
    case "accepted":
    case "after_callback":
    case "reset":
      await accept(parts, request.value, scenario, res);
      return;
    case "busy":
      sendRefusal(res, REFUSALS.busy, parts.dice);
      break;
    case "locked":
      sendRefusal(res, REFUSALS.locked, parts.dice);
      break;
    case "firewall":
      sendFirewallPage(res);
      break;
    case "reset_unsent":
      res.socket?.resetAndDestroy();
      break;
  }
  const { accountReference } = request.value;
  const at = parts.clock.now();
  parts.ledger.addUnprompted({ at, phone, amount, accountReference, push: scenario.push });
}

async function accept(
  parts: DarajaParts,
  request: PushRequest,
  scenario: Scenario,
  res: Response,
): Promise<void> {
  if (parts.ledger.openOn(request.phone) !== null) {
    sendRefusal(res, REFUSALS.locked, parts.dice);
    return;
  }
  const merchantName = parts.findMerchant(request.shortcode)?.name ?? request.shortcode;
  const plan = planFor(request, merchantName, scenario);
  const prompt = newPrompt(parts, request, scenario, plan, merchantName);
  if (!parts.ledger.add(prompt)) {
    sendRefusal(res, REFUSALS.busy, parts.dice);
    return;
  }
  const played = parts.stage.start(prompt, plan);
  if (scenario.push === "reset") {
    res.socket?.resetAndDestroy();
    return;
  }
  if (scenario.push === "after_callback") {
    await Promise.race([played, parts.clock.sleep(PATIENCE_MS)]);
  }
  res.status(200).json({
    MerchantRequestID: prompt.merchantRequestId,
    CheckoutRequestID: prompt.checkoutRequestId,
    ResponseCode: "0",
    ResponseDescription: "Success. Request accepted for processing",
    CustomerMessage: "Success. Request accepted for processing",
  });
}

/** M-Pesa's own limits come before whatever the phone would do. */
function planFor(request: PushRequest, merchantName: string, scenario: Scenario): Plan {
  const unshown = { reachesPhone: false, query: "truth" } as const;
  if (request.amount > AMOUNT_MAX) return { ...unshown, steps: failing("above_limit", 2_000) };
  const asked = `Do you want to pay KES ${request.amount} to ${merchantName} account no. `;
  if (asked.length + request.accountReference.length > PROMPT_TEXT_MAX) {
    return { ...unshown, steps: failing("prompt_too_long", 2_000) };
  }
  return scenario;
}

function newPrompt(
  parts: DarajaParts,
  request: PushRequest,
  scenario: Scenario,
  plan: Plan,
  merchantName: string,
): Prompt {
  const promptedAt = parts.clock.now();
  let idAt = promptedAt;
  while (parts.ledger.byCheckoutRequestId(checkoutRequestId(idAt, request.phone)) !== null) {
    idAt += 1;
  }
  return {
    id: promptId(parts.dice),
    checkoutRequestId: checkoutRequestId(idAt, request.phone),
    merchantRequestId: merchantRequestId(parts.dice),
    shortcode: request.shortcode,
    merchantName,
    phone: request.phone,
    amount: request.amount,
    accountReference: request.accountReference,
    callbackUrl: request.callbackUrl,
    scenario: testScenario(request.phone),
    push: scenario.push,
    reachesPhone: plan.reachesPhone,
    promptedAt,
    sequence: parts.ledger.count(),
    query: plan.query,
    state: "open",
    outcome: null,
    settledAt: null,
    debit: null,
    callbacks: [],
    callbacksDue: 0,
  };
}
