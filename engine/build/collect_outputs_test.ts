import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf } from "../digest.ts";
import type { EngineError } from "../error.ts";
import { Store } from "../store/mod.ts";
import type { Tree } from "../tree/mod.ts";
import { collectOutputs } from "./collect_outputs.ts";

const host = denoHost();
let folder: string;
let out: string;
let store: Store;

/** Runs a shell script in the output folder, then collects. */
function collect(script: string, outputs = ["out"]): Tree {
  const { success } = new Deno.Command("sh", { args: ["-euc", script], cwd: out }).outputSync();
  if (!success) throw new Error(`failed: ${script}`);
  return collectOutputs(out, { host, store, stepName: "step", outputs });
}

function refusal(script: string, outputs?: string[]): EngineError {
  try {
    collect(script, outputs);
  } catch (error) {
    return error as EngineError;
  }
  throw new Error("it was collected");
}

describe("collectOutputs()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-collect-" });
    out = join(folder, "store", "tmp", "out");
    store = Store.open(host, join(folder, "store"));
    Deno.mkdirSync(out);
  });

  afterEach(() => {
    new Deno.Command("chmod", { args: ["-R", "u+rwx", folder] }).outputSync();
    Deno.removeSync(folder, { recursive: true });
  });

  it("takes files, links and empty folders, whatever the rights that the step gave them", () => {
    const tree = collect(`
      mkdir -p out/empty out/closed; echo a > out/closed/a; echo b > out/b; chmod 4711 out/b; ln -s closed/a out/link
      chmod 0 out/closed/a; chmod 0 out/closed; chmod 0 .
    `);
    expect(tree).toEqual([
      { kind: "file", path: "out/b", executable: true, digest: digestOf("b\n"), sizeBytes: 2 },
      { kind: "file", path: "out/closed/a", executable: false, digest: digestOf("a\n"), sizeBytes: 2 },
      { kind: "folder", path: "out/empty" },
      { kind: "link", path: "out/link", target: "closed/a" },
    ]);
    expect(Deno.statSync(store.path(digestOf("b\n"), true)).mode! & 0o7777).toBe(0o555);
  });

  it("takes two names of one file", () => {
    const tree = collect("mkdir out; echo a > out/a; ln out/a out/b; ln out/a out/c");
    expect(tree.map(({ path }) => path)).toEqual(["out/a", "out/b", "out/c"]);
    expect(Deno.readTextFileSync(store.path(digestOf("a\n")))).toBe("a\n");
    expect(Deno.statSync(store.path(digestOf("a\n"))).mode! & 0o7777).toBe(0o444);
  });

  it.each([
    "ln -s /etc/passwd out",
    "ln -s ../x out",
    "mkdir out; ln -s ../../x out/l",
    "mkdir out; ln -s a/../../../x out/l",
    // Each alone looks as if it stayed inside; together they climb.
    "mkdir out; ln -s . out/d; ln -s d/d/d/../../../../etc/passwd out/l",
    "mkdir -p out/a/b; ln -s a/b out/d; ln -s d/../../../../etc/passwd out/l",
  ])("refuses a link that leads out: %s", (script: string) => {
    const error = refusal(script);
    expect([error.code, error.message]).toEqual([
      "output-unsafe",
      expect.stringContaining("leads out of its output"),
    ]);
  });

  it.each([
    "mkdir out; ln -s ../out/x out/l",
    "mkdir -p out/a/b; ln -s ../../x out/a/b/l",
    "mkdir out; ln -s ./././x out/l",
    "mkdir out; ln -s ..x out/l",
  ])(
    "keeps a link that stays inside: %s",
    (script: string) => {
      expect(collect(script).filter(({ kind }) => kind === "link").length).toBe(1);
    },
  );

  it("says which output is missing and which is too much", () => {
    expect(refusal("true").message).toBe('Step "step" did not make "out"');
    expect(refusal("echo > out; echo > more").message).toContain('wrote "more", which it does not declare');
    expect(refusal("rm *; mkdir lib; echo > lib/a; echo > lib/b", ["lib/a"]).message).toContain(
      'wrote "lib/b"',
    );
  });

  it("refuses pipes, sockets and what has no proper name", () => {
    expect(refusal("mkfifo out").code).toBe("output-unsafe");
    Deno.removeSync(join(out, "out"));
    expect(refusal("mkdir out; touch \"out/$(printf 'a\\377')\"").code).toBe("output-unsafe");
  });
});
