/** Everybody who may come in, as the page shows them. */
import { signal } from "@preact/signals";
import type { PeopleView } from "../../../shared/people-api.ts";
import type { Failure } from "../../client.ts";
import { readPeople } from "../../people-client.ts";

export type PeopleReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: PeopleView };

export const people = signal<PeopleReading>({ kind: "loading" });

/** Reads them anew; what is shown stays until the answer is there. */
export async function openPeople(): Promise<void> {
  const answer = await readPeople();
  if (answer.ok) takePeople(answer.value);
  else if (people.peek().kind !== "ready") {
    people.value = { kind: "failed", failure: answer.failure };
  }
}

/** Takes the people that a change answered with. */
export function takePeople(view: PeopleView): void {
  people.value = { kind: "ready", view };
}
