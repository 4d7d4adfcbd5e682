/** The home read, shared by the page and by the alerts: asked once, however many follow it. */
import type { HomeView } from "../../../shared/insight-api.ts";
import { readHome } from "../../insight-client.ts";
import { listen } from "../../live.ts";
import { rereading } from "../rereading.ts";

export const home = rereading<HomeView>();

/** The same of the one merchant that the page is about; alerts hear of everybody's. */
const ofMerchant = rereading<HomeView>();

/** Where the page finds its reading. */
export function homeOf(merchant: string) {
  return merchant === "" ? home : ofMerchant;
}

/** Keeps one merchant's home current until the returned function is called. */
function followMerchant(merchant: string): () => void {
  const stopListening = listen(ofMerchant);
  void ofMerchant.open(merchant, () => readHome(merchant));
  return stopListening;
}

/** Follows what the page is about. */
export function followPage(merchant: string): () => void {
  return merchant === "" ? followHome() : followMerchant(merchant);
}

let followers = 0;
let stop: () => void = () => {};

/** Keeps the home read current until the returned function is called. */
export function followHome(): () => void {
  followers += 1;
  if (followers === 1) stop = listen(home);
  void home.open("home", () => readHome());
  return () => {
    followers -= 1;
    if (followers === 0) stop();
  };
}
