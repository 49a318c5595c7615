/** What workflows call has to be there: commands of this project, and the version of Deno that it is tested with. */
import { describe, expect, it } from "vitest";
import { join } from "node:path";

const REPOSITORY = join(import.meta.dirname ?? ".", "..");
const FOLDER = join(REPOSITORY, ".github", "workflows");
const config = JSON.parse(Deno.readTextFileSync(join(REPOSITORY, "deno.json")));
const workflows = [...Deno.readDirSync(FOLDER)].map(({ name }) => ({
  name,
  text: Deno.readTextFileSync(join(FOLDER, name)),
}));

describe("workflows", () => {
  for (const { name, text } of workflows) {
    it(`${name} calls tasks that there are`, () => {
      for (const [, task = ""] of text.matchAll(/deno task ([\w-]+)/g)) {
        expect(Object.keys(config.tasks)).toContain(task);
      }
    });

    it(`${name} gives options that the tasks know`, async () => {
      for (const [line, task = ""] of text.matchAll(/deno task ([\w-]+)[^\n]*/g)) {
        const help = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", join(REPOSITORY, "cli.ts"), task, "--help"],
        }).output();
        const known = new TextDecoder().decode(help.stdout);
        // Options of build-aar are gathered in a bash array before they are used.
        const gathered = task === "build-aar"
          ? [...text.matchAll(/options\+?=\(([^)]*)\)/g)].map(([, words = ""]) => words)
          : [];
        for (const [option] of [line, ...gathered].join(" ").matchAll(/(?<= )--[\w-]+/g)) {
          expect(known, `${task} ${option}`).toContain(option);
        }
      }
    });

    it(`${name} uses one version of Deno`, () => {
      for (const [, version] of text.matchAll(/deno-version: "([^"]+)"/g)) expect(version).toBe("2.9.6");
    });
  }
});
