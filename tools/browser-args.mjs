/**
 * How the tests start a browser: no sandbox, because containers run as root; no graphics card; and
 * none of the calls home that would reach for a network the tests promise not to need.
 */
export const BROWSER_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
