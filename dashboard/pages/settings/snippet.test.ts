import { expect, test } from "vitest";
import { PLAIN_EMBED, pageSnippet, serverSnippet } from "./snippet.ts";

const AT = "https://pay.shop.co.ke";

test("the plain tag says no more than it must", () => {
  expect(pageSnippet(AT, PLAIN_EMBED)).toBe(
    '<script src="https://pay.shop.co.ke/lipia.js"\n        data-token="{checkoutToken}"\n        async></script>',
  );
});

test("choices become attributes, and words of a person stay words", () => {
  const snippet = pageSnippet(AT, {
    mode: "inline",
    locale: "sw",
    theme: "dark",
    label: ' Lipa "sasa" <b> ',
    accent: "#0a6b4e",
  });
  for (const attribute of [
    'data-mode="inline"',
    'data-locale="sw"',
    'data-theme="dark"',
    'data-label="Lipa &quot;sasa&quot; &lt;b&gt;"',
    'data-accent="#0a6b4e"',
  ]) {
    expect(snippet).toContain(attribute);
  }
});

test("a colour that is none is left out", () => {
  expect(pageSnippet(AT, { ...PLAIN_EMBED, accent: 'red" onload="' })).not.toContain("accent");
});

test("the server's call goes to this installation", () => {
  expect(serverSnippet(AT)).toContain("curl https://pay.shop.co.ke/v1/payments");
});
