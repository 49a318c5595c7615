import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { cli as runCli, type CliRun, documentOf } from "./_cli.ts";

/** Some that are there; more may be. */
const COMMANDS = ["test-swiftshader", "build-models", "plan", "lock", "doctor"];

let folder: string;

async function cli(...args: string[]): Promise<CliRun> {
  return await runCli(args, { store: join(folder, "store") });
}

describe("usage", () => {
  beforeAll(async () => {
    folder = await Deno.makeTempDir({ prefix: "vkforge-e2e-" });
  });

  afterAll(async () => {
    await Deno.remove(folder, { recursive: true });
  });

  it("no command: says which there are, exit 2; --help: the same, exit 0", async () => {
    const [none, help] = await Promise.all([cli(), cli("--help")]);
    expect(none.code).toBe(2);
    expect(help.code).toBe(0);
    expect(help.stdout).toBe(none.stdout);
    for (const command of COMMANDS) expect(help.stdout).toContain(`\n  ${command} `);
    expect(help.stdout).toContain("Exit codes: 0 ok");
  });

  it("--version prints the version of deno.json", async () => {
    const { version } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
    expect(await cli("--version")).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it("every command's --help has examples", async () => {
    const { stdout: list } = await cli("--help");
    const commands = [...list.matchAll(/^ {2}([a-z]+(?:-[a-z]+)*) {2,}\S/gm)].map(([, name]) => name ?? "");
    expect(commands).toEqual(expect.arrayContaining(COMMANDS));
    for (const command of commands) {
      const { code, stdout, stderr } = await cli(command, "--help");
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: "" });
      expect(stdout).toContain(`Usage: deno task ${command} `);
      expect(stdout).toMatch(new RegExp(`\nExamples:\n  deno task ${command}`));
      for (const option of ["--json", "--help", "--verbose"]) expect(stdout).toContain(option);
    }
  });

  it.each([
    [["frobnicate"], 'Unknown command "frobnicate"', "Commands are: test-swiftshader, "],
    [["plan", "--frobnicate"], 'Unknown option "--frobnicate"', "See `deno task plan --help`"],
    [["plan", "--jso"], 'Unknown option "--jso"', "Did you mean --json?"],
    [["plan", "a", "b"], "Too many arguments. Expected 1 argument but got 2: a, b", "--help`"],
    [["plan", "nothing"], 'Unknown target "nothing"', "Targets are test-swiftshader, build-models"],
    [["plan", "--model", "nothing"], 'Unknown model "nothing"', "Models are: mobilenet_v2"],
    [["test-swiftshader", "--model", "nothing"], 'Unknown model "nothing"', "Models are: mobilenet_v2"],
    [["build-models", "--model", "nothing"], 'Unknown model "nothing"', "Models are: mobilenet_v2"],
    [["build-models", "--weights", "heavy"], 'argument "heavy" is invalid', "--help`"],
    [["plan", "--runtime", "fast"], "Allowed choices are vkforge, stock", "--help`"],
    [["plan", "--engine", "vmware"], 'argument "vmware" is invalid', "--help`"],
    [["plan", "--jobs", "0"], "It must be a whole number above zero", "--help`"],
    [["plan", "--jobs", "two"], "It must be a whole number above zero", "--help`"],
    [["plan", "--jobs", "1.5"], "It must be a whole number above zero", "--help`"],
    [["plan", "--jobs"], 'Option "-j, --jobs <count>" argument missing', "--help`"],
    [["test-swiftshader", "--iterations", "-1"], "It must be a whole number above zero", "--help`"],
    [["test-swiftshader", "--model"], "argument missing", "--help`"],
    [["plan", "--log-format", "morse"], 'argument "morse" is invalid', "--help`"],
    [["plan", "--mirror", "nowhere"], 'Cannot use the mirror "nowhere": it is not a folder', "A mirror is a"],
    [["plan", "--mirror", "ftp://u:secret@host/x"], 'Unknown mirror "ftp://host/x"', "A mirror is a folder"],
    [["doctor", "--log", "nowhere"], 'Cannot read the log "nowhere": there is no such file', "Give the path"],
    [
      ["lock", "nothing"],
      'Unknown image or source "nothing"',
      "There are: vulkan-sdk, vulkan-lavapipe, bubblewrap, ",
    ],
  ])("%s: exit 2, a message and a hint", async (args: string[], message: string, hint: string) => {
    const { code, stdout, stderr } = await cli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const [error = "", ...rest] = stderr.trimEnd().split("\n");
    expect(error).toMatch(/^error: [A-Z].*[^.]$/);
    expect(error).toContain(message);
    expect(rest[0]).toMatch(/^ {2}hint: /);
    expect(rest.map((line) => line.trim()).join(" ")).toContain(hint);
  });

  it("--json prints one document also when the command fails", async () => {
    const run = await cli("plan", "nothing", "--json");
    expect(run.code).toBe(2);
    expect(documentOf(run)).toMatchObject({
      schema: 1,
      command: "plan",
      ok: false,
      error: {
        code: "unknown-step",
        message: 'Unknown target "nothing"',
        hint: expect.stringContaining("Targets are"),
      },
    });
    expect(run.stderr).toContain('error: Unknown target "nothing"');
  });

  it("--json prints one document also when the options make no sense", async () => {
    for (const args of [["plan", "--json", "--jobs", "0"], ["frobnicate", "--json"]]) {
      const run = await cli(...args);
      expect(run.code).toBe(2);
      expect(documentOf(run)).toMatchObject({
        schema: 1,
        command: args[0],
        ok: false,
        error: { code: "usage" },
      });
    }
  });

  it("deno task hands on what stands behind --", async () => {
    expect((await cli("plan", "--", "--help")).code).toBe(0);
  });

  it("a wrong word leaves nothing on the disk", async () => {
    // A store of their own: the test before this one may have made one.
    const store = join(folder, "untouched");
    for (
      const words of [["plan", "nothing"], ["build-models", "--model", "nothing"], ["plan", "--mirror", "x"]]
    ) {
      expect((await runCli(words, { store })).code).toBe(2);
    }
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).not.toContain("untouched");
  });
});
