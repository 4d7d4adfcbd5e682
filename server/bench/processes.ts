/** The processes of a run: three servers and the load client. */
import { join } from "node:path";
import {
  ENDPOINTS,
  type Endpoint,
  type EndpointName,
  type EndpointOptions,
  startEndpoint,
  type Watch,
} from "./endpoint.ts";
import { type LoadOrder, type LoadResult, load } from "./load.ts";
import type { Post } from "./posts.ts";
import { type Remote, serveCalls, startRemote } from "./remote.ts";

type EndpointCalls = {
  readonly start: (options: EndpointOptions) => Promise<{ port: number; watch: Watch | null }>;
  readonly prepare: (count: number) => Promise<readonly Post[]>;
  readonly missing: (receipts: readonly string[]) => Promise<readonly string[]>;
  /** Processor time the server has used so far, in ms. */
  readonly cpuMs: (nothing: null) => Promise<number>;
};
type LoadCalls = { readonly load: (order: LoadOrder) => Promise<LoadResult> };

export type LoadProcess = Remote<LoadCalls>;
export interface EndpointProcess {
  readonly remote: Remote<EndpointCalls>;
  readonly port: number;
  readonly watch: Watch | null;
}
export type Endpoints = Readonly<Record<EndpointName, EndpointProcess>>;

export interface Processes {
  readonly endpoints: Endpoints;
  readonly client: LoadProcess;
  /** Ends all of them and nothing else. */
  end(): Promise<void>;
}

const LOAD_ROLE = "load";

/** What this process is: one of the run's children, or the program itself. */
export function roleOf(args: readonly string[]): EndpointName | typeof LOAD_ROLE | null {
  const [flag, role] = args;
  if (flag !== "--role") return null;
  return [...ENDPOINTS, LOAD_ROLE as typeof LOAD_ROLE].find((name) => name === role) ?? null;
}

/** Lives as a child until the parent lets go. */
export function playRole(role: EndpointName | typeof LOAD_ROLE): void {
  if (role === LOAD_ROLE) {
    serveCalls({ load }, async () => {});
    return;
  }
  let endpoint: Endpoint | null = null;
  const started = () => {
    if (endpoint === null) throw new Error("the endpoint was not started");
    return endpoint;
  };
  const calls: EndpointCalls = {
    start: async (options) => {
      endpoint = await startEndpoint(role, options);
      return { port: endpoint.port, watch: endpoint.watch };
    },
    prepare: async (count) => started().prepare(count),
    missing: async (receipts) => started().missing(receipts),
    cpuMs: async () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
  };
  serveCalls(calls, async () => endpoint?.close());
}

/** Starts all four; `module` is the program, which knows its roles. */
export async function startProcesses(module: string, options: EndpointOptions): Promise<Processes> {
  const remotes: Remote<EndpointCalls>[] = [];
  const logFile = (role: string) => join(options.folder, `${role}.log`);
  const client = startRemote<LoadCalls>(module, ["--role", LOAD_ROLE], logFile(LOAD_ROLE));
  const end = async () => {
    await Promise.all([...remotes, client].map((remote) => remote.end()));
  };
  async function start(name: EndpointName): Promise<EndpointProcess> {
    const remote = startRemote<EndpointCalls>(module, ["--role", name], logFile(name));
    remotes.push(remote);
    return { remote, ...(await remote.call("start", options)) };
  }
  try {
    const [empty, textbook, ours] = await Promise.all([
      start("empty"),
      start("textbook"),
      start("ours"),
    ]);
    return { endpoints: { empty, textbook, ours }, client, end };
  } catch (error) {
    await end();
    throw error;
  }
}
