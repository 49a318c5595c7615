import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { miniEngine } from "../../tests/fixtures/mini_engine.ts";
import { denoHost } from "../deno_host.ts";
import type { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { BwrapSandbox } from "./bwrap.ts";

const host = denoHost();

/** A machine with these kernel settings, on which bubblewrap fails. */
function forbidding(settings: Readonly<Record<string, string>>): Host {
  return {
    ...host,
    fs: {
      ...host.fs,
      readTextFile: (path) => {
        const value = settings[path.replace("/proc/sys/", "")];
        if (value === undefined) throw new Deno.errors.NotFound(path);
        return `${value}\n`;
      },
    },
    spawn: (_program, options) => {
      options.onStderr?.(new TextEncoder().encode("bwrap: No permissions to create new namespace\n"));
      return { pid: 1, exit: Promise.resolve({ code: 1, signal: null }), kill: () => {} };
    },
  };
}

async function unavailability(machine: Host): Promise<EngineError> {
  return await new BwrapSandbox(machine, "/nowhere").probe().then(() => {
    throw new Error("it is available");
  }, (error) => error as EngineError);
}

describe("BwrapSandbox.probe()", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await Deno.makeTempDir({ prefix: "vkforge-probe-" });
  });

  afterAll(() => Deno.removeSync(folder, { recursive: true }));

  it.each([
    [
      "AppArmor",
      { "kernel/apparmor_restrict_unprivileged_userns": "1" },
      "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ],
    [
      "Debian's own switch",
      { "kernel/unprivileged_userns_clone": "0" },
      "sysctl kernel.unprivileged_userns_clone=1",
    ],
    ["a number of none", { "user/max_user_namespaces": "0" }, "sysctl user.max_user_namespaces=10000"],
    ["something else, such as a container", {
      "kernel/apparmor_restrict_unprivileged_userns": "0",
      "kernel/unprivileged_userns_clone": "1",
      "user/max_user_namespaces": "1000",
    }, "--security-opt seccomp=unconfined"],
    ["a kernel that says nothing", {}, "--security-opt seccomp=unconfined"],
  ])("says what to do where namespaces are forbidden by %s", async (
    _what: string,
    settings: Record<string, string>,
    hint: string,
  ) => {
    const error = await unavailability(forbidding(settings));
    expect(error.code).toBe("sandbox-unavailable");
    expect(error.message).toBe(
      "Cannot make a sandbox on this machine: bwrap: No permissions to create new namespace",
    );
    expect(error.hint).toContain(hint);
  });

  it("says so where bubblewrap itself cannot be started", async () => {
    const error = await unavailability(host);
    expect(error.code).toBe("sandbox-unavailable");
    expect(error.message).toContain("No such file");
  });

  it("finds that this machine can do it", async () => {
    const signal = new AbortController().signal;
    const { engine } = await miniEngine({ storeRoot: join(folder, "store") });
    expect((await engine.sandbox(signal)).name).toBe("bwrap");
  });
});
