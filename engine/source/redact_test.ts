import { describe, expect, it } from "vitest";
import { redactText, redactUrl } from "./redact.ts";

describe("redactUrl()", () => {
  it("leaves out user, password, query and fragment", () => {
    expect(redactUrl("https://user:geheim@a.test:8443/p/x.zip?token=geheim&b=1#geheim")).toBe(
      "https://a.test:8443/p/x.zip?…",
    );
    expect(redactUrl("https://a.test/x.zip")).toBe("https://a.test/x.zip");
  });

  it("tells only the scheme of what cannot be taken apart", () => {
    expect(redactUrl("https://user:geheim@a.test:notaport/")).toBe("https:…");
    expect(redactUrl("user:geheim@host")).not.toContain("geheim");
    expect(redactUrl("/a/folder")).toBe("/a/folder");
  });
});

describe("redactText()", () => {
  it("redacts every URL of a message", () => {
    const text = "error for url (https://u:geheim@a.test/x?t=geheim): moved to 'http://b.test/?sig=geheim'";
    expect(redactText(text)).toBe("error for url (https://a.test/x?…): moved to 'http://b.test/?…'");
  });
});
