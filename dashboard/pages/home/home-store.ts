/** The home read, shared by the page and by the alerts: asked once, however many follow it. */
import type { HomeView } from "../../../shared/insight-api.ts";
import { readHome } from "../../insight-client.ts";
import { listen } from "../../live.ts";
import { rereading } from "../rereading.ts";

export const home = rereading<HomeView>();

let followers = 0;
let stop: () => void = () => {};

/** Keeps the home read current until the returned function is called. */
export function followHome(): () => void {
  followers += 1;
  if (followers === 1) stop = listen(home);
  void home.open("home", readHome);
  return () => {
    followers -= 1;
    if (followers === 0) stop();
  };
}
