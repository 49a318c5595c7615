import { describe, expect, it } from "vitest";
import type { EngineError } from "../error.ts";
import { parseRegistry } from "./reference.ts";

describe("parseRegistry()", () => {
  it.each([
    ["ghcr.io/acme/vkforge-cache", {}, "https://ghcr.io", "acme/vkforge-cache"],
    ["https://Registry.Example:5443/a/b__c.d/", {}, "https://registry.example:5443", "a/b__c.d"],
    ["registry.example:443/x", {}, "https://registry.example", "x"],
    ["localhost:5000/cache", {}, "http://localhost:5000", "cache"],
    ["127.0.0.1:80/cache", {}, "http://127.0.0.1", "cache"],
    ["[::1]:5000/cache", {}, "http://[::1]:5000", "cache"],
    ["https://localhost:5000/cache", {}, "https://localhost:5000", "cache"],
    ["registry.example/x", { plainHttp: true }, "http://registry.example", "x"],
    ["http://registry.example/x", { plainHttp: true }, "http://registry.example", "x"],
  ])("reads %s", (text: string, options: { plainHttp?: boolean }, origin: string, repository: string) => {
    expect(parseRegistry(text, options)).toMatchObject({ origin, repository });
  });

  it.each([
    ["http://registry.example/x", "http to another machine is not protected"],
    ["https://me:passw0rd@registry.example/x", "must not hold a password"],
    ["registry.example", "has no repository"],
    ["registry.example/Upper", "Unknown form of a repository"],
    ["registry.example/a/../b?x=1", "Unknown form of a repository"],
    ["registry.example/a:tag", "Unknown form of a repository"],
    ["oci://registry.example/x", "Cannot read the registry's address"],
    ["", "Cannot read the registry's address"],
    ["http://127.0.0.1.evil.example/x", "http to another machine is not protected"],
  ])("refuses %s", (text: string, message: string) => {
    let error: EngineError | undefined;
    try {
      parseRegistry(text);
    } catch (thrown) {
      error = thrown as EngineError;
    }
    expect(error?.message).toContain(message);
    expect(`${error?.message}`).not.toContain("passw0rd");
    expect([error?.code, typeof error?.hint]).toEqual(["usage", "string"]);
  });
});
