import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { denoHost } from "../engine/deno_host.ts";
import { HeldSession } from "./_device_session.ts";

const host = { ...denoHost(), env: { get: (name: string) => name === "USER" ? "ann b" : undefined } };
let folder: string;

describe("HeldSession", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-session-" });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name);

  it("is named after user and machine, in one word", () => {
    using session = new HeldSession(host, folder, "desk (2)");
    expect(session.owner).toBe("ann-b@desk-2-");
    expect(session.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("knows of a session whose process has ended, and of none that is alive or another machine's", () => {
    using session = new HeldSession(host, folder);
    const other = new HeldSession(host, folder);
    expect(session.hasEnded(other.id)).toBe(false);
    other[Symbol.dispose]();
    expect(session.hasEnded(other.id)).toBe(true);
    expect(session.hasEnded(crypto.randomUUID())).toBe(false);
    expect(session.hasEnded("../../etc/passwd")).toBe(false);
  });

  it("removes what is left of sessions that ended days ago, and of no others", () => {
    const [old, recent] = [new HeldSession(host, folder), new HeldSession(host, folder)];
    using alive = new HeldSession(host, folder);
    for (const session of [old, recent]) session[Symbol.dispose]();
    for (const { id } of [old, alive]) {
      host.fs.utime(join(folder, `session-${id}`), Date.now() - 2 * 86_400_000);
    }
    using session = new HeldSession(host, folder);
    expect(names().sort()).toEqual([recent, alive, session].map(({ id }) => `session-${id}`).sort());
  });

  it("leaves no file of itself and of those before it once the device is free", () => {
    const killed = new HeldSession(host, folder);
    killed[Symbol.dispose]();
    expect(names()).toHaveLength(1);
    using session = new HeldSession(host, folder);
    expect(session.hasEnded(killed.id)).toBe(true);
    session.forget();
    expect(names()).toEqual([]);
  });
});
