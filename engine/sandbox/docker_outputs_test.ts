import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { pack } from "tar-stream";
import { denoHost } from "../deno_host.ts";
import { failureOf } from "./_contract.ts";
import { takeOutputs } from "./docker_outputs.ts";

type Entry = Parameters<ReturnType<typeof pack>["entry"]>[0] & { readonly text?: string };

const DOCKER: Entry = { name: "out/", type: "directory" };
const PODMAN: Entry = { name: "/", type: "directory" };

describe("takeOutputs()", () => {
  let folder = "";

  beforeEach(async () => {
    folder = join(await Deno.makeTempDir({ prefix: "vkforge-outputs-" }), "out");
    await Deno.mkdir(folder);
  });

  afterEach(async () => {
    await Deno.remove(join(folder, ".."), { recursive: true });
  });

  async function take(...entries: Entry[]): Promise<void> {
    const archive = pack();
    for (const { text, ...header } of entries) archive.entry(header, text ?? "");
    archive.finalize();
    await takeOutputs(archive as unknown as Parameters<typeof takeOutputs>[0], {
      host: denoHost(),
      folder,
      signal: new AbortController().signal,
    });
  }

  it.each([["Docker", DOCKER, "out/"], ["Podman", PODMAN, "/"]])(
    "takes an archive as %s makes it",
    async (_name: string, top: Entry, prefix: string) => {
      await take(
        top,
        { name: `${prefix}out`, type: "directory" },
        { name: `${prefix}out/program`, mode: 0o755, text: "run" },
        { name: `${prefix}again`, type: "link", linkname: `${prefix}out/program` },
        { name: `${prefix}link`, type: "symlink", linkname: "out/program" },
      );
      expect(Deno.readTextFileSync(join(folder, "out/program"))).toBe("run");
      expect(Deno.statSync(join(folder, "again")).mode! & 0o777).toBe(0o755);
      expect(Deno.readLinkSync(join(folder, "link"))).toBe("out/program");
    },
  );

  it.each([
    ["a path that climbs out", [{ name: "out/../../x", text: "x" }]],
    ["a path beside the folder", [{ name: "etc/passwd", text: "x" }]],
    ["a file below a link", [{ name: "out/l", type: "symlink", linkname: "/tmp" }, {
      name: "out/l/x",
      text: "x",
    }]],
    ["a file below a file", [{ name: "out/f", text: "x" }, { name: "out/f/x", text: "x" }]],
    ["a file that comes twice", [{ name: "out/f", text: "x" }, { name: "out/f", text: "y" }]],
    ["a link that becomes a file", [{ name: "out/f", type: "symlink", linkname: "/tmp/x" }, {
      name: "out/f",
    }]],
    ["a hard link to nothing before it", [{ name: "out/h", type: "link", linkname: "out/f" }]],
    ["a hard link out of the folder", [{ name: "out/h", type: "link", linkname: "/etc/passwd" }]],
    ["a hard link to a link", [
      { name: "out/l", type: "symlink", linkname: "/etc/passwd" },
      { name: "out/h", type: "link", linkname: "out/l" },
    ]],
  ])("refuses %s", async (_what: string, entries: Entry[]) => {
    expect((await failureOf(take(DOCKER, ...entries))).code).toBe("archive-unsafe");
    expect([...Deno.readDirSync(join(folder, ".."))].map(({ name }) => name)).toEqual(["out"]);
  });

  it.each(["fifo", "character-device", "block-device"] as const)("refuses a %s", async (type: string) => {
    const odd = { name: "out/odd", type } as Entry;
    expect((await failureOf(take(DOCKER, odd))).code).toBe("output-unsafe");
  });

  it("refuses a file that the disk cannot hold before it writes it", async () => {
    const archive = pack();
    archive.entry({ name: "out/", type: "directory" });
    archive.entry({ name: "out/huge", size: 2 ** 50 }).write(new Uint8Array(10));
    const error = await failureOf(takeOutputs(archive as unknown as Parameters<typeof takeOutputs>[0], {
      host: denoHost(),
      folder,
      signal: new AbortController().signal,
    }));
    expect(error.code).toBe("disk-full");
  });
});
