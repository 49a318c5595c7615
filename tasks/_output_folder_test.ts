import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../engine/deno_host.ts";
import { assertOutputFolder } from "./_output_folder.ts";

let folder: string;

function check(path: string): void {
  assertOutputFolder(denoHost(), path, "--out");
}

describe("assertOutputFolder()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-output-" });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("passes for a folder, for one that can be made, and for a link to one, and leaves nothing", () => {
    Deno.symlinkSync(folder, join(folder, "link"));
    for (const path of ["", "a/b/c", "link", "link/a"]) check(join(folder, path));
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["link"]);
  });

  it("refuses a file and what would lie below one", () => {
    Deno.writeTextFileSync(join(folder, "file"), "");
    for (const path of ["file", "file/a/b"]) {
      expect(() => check(join(folder, path))).toThrow(`"${join(folder, "file")}" is not a folder`);
    }
  });

  it.skipIf(Deno.build.os !== "linux")("refuses where nothing can be made", () => {
    expect(() => check("/proc/results")).toThrow('Cannot write to "/proc/results": ');
  });
});
