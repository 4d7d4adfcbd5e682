/** A server under load, in a process of its own that its parent speaks to over IPC. */
import type { Post } from "./posts.ts";

/** Where a person's browser would listen for nudges. */
export interface Watch {
  readonly origin: string;
  readonly cookie: string;
  /** A checkout page as a shopper loads it, for its size. */
  readonly checkoutUrl: string;
}

export interface Endpoint {
  readonly port: number;
  /** Null where nothing is pushed. */
  readonly watch: Watch | null;
  /** Makes `count` fresh pending attempts and the callbacks that pay them. */
  prepare(count: number): Promise<readonly Post[]>;
  /** Which of these receipts do not stand in the database as paid, read by a connection of its own. */
  missing(receipts: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface EndpointOptions {
  /** A folder of this run, for the database. */
  readonly folder: string;
  readonly seed: number;
}

export const ENDPOINTS = ["empty", "textbook", "ours"] as const;
export type EndpointName = (typeof ENDPOINTS)[number];

export const TITLES: Readonly<Record<EndpointName, string>> = {
  empty: "empty Express 5 JSON handler",
  textbook: "textbook callback",
  ours: "our callback",
};

/** Builds an endpoint; called in its own process. */
export async function startEndpoint(
  name: EndpointName,
  options: EndpointOptions,
): Promise<Endpoint> {
  switch (name) {
    case "empty":
      return (await import("./empty-endpoint.ts")).startEmpty(options);
    case "textbook":
      return (await import("./textbook-endpoint.ts")).startTextbook(options);
    case "ours":
      return (await import("./our-endpoint.ts")).startOurs(options);
  }
}
