/**
 * `deno task conformance`: upstream's tests of the Vulkan backend, with recorded seeds.
 *
 * @module
 */
import { join } from "node:path";
import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { z } from "zod";
import { EXIT, type Host } from "../engine/mod.ts";
import {
  conformanceArguments,
  conformanceBinaries,
  type ConformanceOptions,
  conformanceStep,
  type NamedRuntime,
} from "../recipes/conformance/conformance.ts";
import { type DriverName, DRIVERS, lavapipeDriver, swiftshaderDriver } from "../recipes/drivers/driver.ts";
import { hostRuntime } from "../recipes/host_runtime/host_runtime.ts";
import { runHostPython } from "./_host_python.ts";
import { graphCommand, positiveInteger } from "./_options.ts";
import { assertOutputFolder } from "./_output_folder.ts";
import { inSession, REPOSITORY, type Session } from "./_session.ts";

const Summary = z.object({
  schema: z.literal(1),
  runs: z.int(),
  seed: z.int(),
  suites: z.record(
    z.string(),
    z.object({
      tests: z.int(),
      passed: z.int(),
      failed: z.int(),
      flaky: z.int(),
      skipped: z.int(),
      notPassed: z.array(z.object({
        name: z.string(),
        status: z.enum(["failed", "flaky"]),
        failedSeeds: z.array(z.int()),
        message: z.string(),
      })),
    }),
  ),
});

/** The command. */
export function command(host: Host) {
  return graphCommand("conformance", "Upstream's tests of the Vulkan backend, with recorded seeds")
    .addOption(
      new Option("--driver <name>", "where they run").choices(DRIVERS).default("swiftshader" as const),
    )
    .addOption(
      new Option("--runtime <name>", "the backend with the project's patches, or as upstream left it")
        .choices(["vkforge", "stock"] as const).default("vkforge" as const),
    )
    .option("--runs <count>", "how often, each time with the next seed", positiveInteger, 1)
    .option("--seed <number>", "seed of the first run", seedNumber, 0)
    .option("--disabled", "also the tests that upstream disabled")
    .addOption(
      new Option("--out <folder>", "where summary.json and junit.xml go").default(
        join(REPOSITORY, "results", "conformance"),
        "results/conformance/",
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      assertOutputFolder(host, values.out, "--out");
      const folder = join(values.out, `${values.driver}-${values.runtime}`);
      const options = { runs: values.runs, seed: values.seed, disabled: values.disabled === true };
      await inSession(host, values, async (session) => {
        const named = {
          name: values.runtime,
          runtime: hostRuntime(session.project.materials, values.runtime),
        };
        await runConformance(session, { driver: values.driver, named, options, folder });
      });
      const summary = Summary.parse(JSON.parse(await Deno.readTextFile(join(folder, "summary.json"))));
      const suites = Object.entries(summary.suites);
      // A test that upstream skips where no device is found would hide that none was.
      const ok = suites.every(([, { failed, skipped, tests }]) => failed === 0 && skipped < tests);
      if (values.json) console.log(JSON.stringify({ ...summary, command: "conformance", ok, folder }));
      else {
        for (const [name, { tests, passed, failed, flaky, skipped, notPassed }] of suites) {
          const odd = Object.entries({ failed, flaky, skipped }).filter(([, count]) => count > 0);
          const rest = odd.map(([status, count]) => `, ${count} ${status}`).join("");
          console.log(`${name}: ${passed} of ${tests} passed in ${summary.runs} runs${rest}`);
          for (const one of notPassed) {
            console.log(`  ${one.status}: ${one.name} (seeds ${one.failedSeeds.join(", ")})`);
          }
        }
        console.log(`reports: ${folder}`);
      }
      if (!ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task conformance
  deno task conformance --runs 20 --seed 1
  deno task conformance --runtime stock --driver lavapipe
  deno task conformance --driver gpu      this machine's GPU, outside the sandbox

A test that fails is run again, alone, with the seed it failed with and with others. One that then passes is
reported as flaky and does not fail the command; one that never passes does (exit 1).
`;

interface ConformanceRun {
  readonly driver: DriverName;
  readonly named: NamedRuntime;
  readonly options: ConformanceOptions;
  /** Gets the reports. */
  readonly folder: string;
}

async function runConformance(session: Session, run: ConformanceRun): Promise<void> {
  const { engine, project, host, signal } = session;
  const binaries = conformanceBinaries(project.materials, run.named);
  if (run.driver === "gpu") {
    const built = await engine.build([binaries, run.named.runtime.plugin], signal, "conformance");
    const folderOf = (name: string) => engine.folderOf(built.get(name)!);
    host.fs.mkdir(run.folder);
    using work = engine.store.workFolder();
    return await runHostPython(session, {
      args: [
        join(REPOSITORY, "recipes", "conformance", "run_tests.py"),
        ...["--binaries", join(folderOf(binaries.name), "bin")],
        ...["--plugin", join(folderOf(run.named.runtime.plugin.name), "lib")],
        ...["--output", run.folder],
        ...conformanceArguments(run.options),
      ],
      work: work.path,
      pythonPath: "",
    });
  }
  const driver = run.driver === "swiftshader"
    ? swiftshaderDriver(project.materials)
    : await lavapipeDriver(host, project.repository);
  const step = conformanceStep(binaries, { driver, named: run.named, options: run.options });
  const built = await engine.build([step], signal, "conformance");
  engine.export(built.get(step.name)!.tree, run.folder);
}

function seedNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError("It must be a whole number, zero or above.");
  }
  return value;
}
