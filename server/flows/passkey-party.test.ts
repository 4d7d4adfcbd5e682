/** Where passkeys work, by PUBLIC_URL. */
import { expect, test } from "vitest";
import { passkeyPlaceOf } from "./passkey-party.ts";

test.each([
  ["https://pay.example.co.ke", { kind: "host", host: "pay.example.co.ke" }],
  ["https://pay.example.co.ke:8443", { kind: "host", host: "pay.example.co.ke" }],
  ["http://localhost:4100", { kind: "host", host: "localhost" }],
  ["http://lipia.localhost:4100", { kind: "host", host: "lipia.localhost" }],
  ["http://127.0.0.1:4100", { kind: "ip_address" }],
  ["https://192.168.1.7", { kind: "ip_address" }],
  ["https://[2001:db8::1]", { kind: "ip_address" }],
  ["http://[::1]:4100", { kind: "ip_address" }],
  ["http://shop.local", { kind: "plain_http" }],
  ["http://notlocalhost", { kind: "plain_http" }],
] as const)("%s", (publicUrl, place) => {
  expect(passkeyPlaceOf(publicUrl)).toEqual(place);
});
