import { describe } from "vitest";
import { playInGate } from "./gate.test-support.ts";

describe("promises under staged faults", () => playInGate("memory"));
