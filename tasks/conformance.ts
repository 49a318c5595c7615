/**
 * `deno task conformance`: upstream's tests of the Vulkan backend, with recorded seeds.
 *
 * @module
 */
import { join } from "node:path";
import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { EngineError, EXIT, type Host } from "../engine/mod.ts";
import {
  conformanceArguments,
  conformanceBinaries,
  conformanceJunit,
  type ConformanceOptions,
  ConformanceRecords,
  conformanceSelfTest,
  conformanceSteps,
  mergeRecords,
  type NamedRuntime,
  type SuiteSummary,
  summarizeRecords,
} from "../recipes/conformance/mod.ts";
import { type DriverName, DRIVERS, openDriver } from "../recipes/drivers/mod.ts";
import { hostRuntime } from "../recipes/host_runtime/host_runtime.ts";
import { runHostPython } from "./_host_python.ts";
import { graphCommand, positiveInteger } from "./_options.ts";
import { assertOutputFolder } from "./_output_folder.ts";
import { inSession, REPOSITORY, type Session } from "./_session.ts";

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
    .option(
      "--import <file...>",
      "no run: the reports of records.json that run_tests.py wrote on another machine",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      assertOutputFolder(host, values.out, "--out");
      const { driver, runtime, seed } = values;
      const options = { runs: values.runs, seed, disabled: values.disabled === true };
      const records = mergeRecords(
        values.import === undefined
          ? await inSession(host, values, async (session) => {
            const named = { name: runtime, runtime: hostRuntime(session.project.materials, runtime) };
            return await runTests(session, { driver, named, options });
          })
          : await Promise.all(values.import.map(importRecords)),
      );
      const suites = summarizeRecords(records);
      const all = Object.values(suites);
      // A test that upstream skips where no device is found would hide that none was.
      const ok = all.length > 0 && all.every(({ failed, skipped, tests }) => failed === 0 && skipped < tests);
      const runs = runsOf(records);
      const document = { schema: 1, command: "conformance", ok, driver, runtime, runs, suites };
      const folder = join(values.out, `${driver}-${runtime}`);
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(join(folder, "summary.json"), `${JSON.stringify(document, null, 1)}\n`);
      await Deno.writeTextFile(join(folder, "junit.xml"), conformanceJunit(records));
      if (values.json) console.log(JSON.stringify({ ...document, folder }));
      else {
        for (const line of summaryLines(suites, runs)) console.log(line);
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
  deno task conformance --driver gpu --import records.json      what run_tests.py wrote on another machine

Upstream's tests take random numbers; before each test the generator starts from the run's seed. A test that fails is
run again, alone, with that seed and with others. One that passes sometimes is reported as flaky, with its seeds.

Exit codes: 0 every test passed or is flaky; 1 a test failed each time, or none could run; 2 usage; 3 an input is not
to be had, as the driver of a GPU where there is none.
`;

interface TestRuns {
  readonly driver: DriverName;
  readonly named: NamedRuntime;
  readonly options: ConformanceOptions;
}

async function runTests(session: Session, { driver: name, named, options }: TestRuns) {
  const { engine, project, host, signal } = session;
  const driver = await openDriver(host, name, project);
  const binaries = conformanceBinaries(project.materials, named);
  const selfTest = conformanceSelfTest(project.materials);
  if (driver.kind === "machine") {
    const built = await engine.build([selfTest, binaries, named.runtime.plugin], signal, "conformance");
    const folderOf = (step: string) => engine.folderOf(built.get(step)!);
    using work = engine.store.workFolder();
    await runHostPython(session, {
      args: [
        join(REPOSITORY, "recipes", "conformance", "run_tests.py"),
        ...["--binaries", join(folderOf(binaries.name), "bin")],
        ...["--plugin", join(folderOf(named.runtime.plugin.name), "lib")],
        ...["--output", work.path],
        ...conformanceArguments(options),
      ],
      work: work.path,
      pythonPath: "",
    });
    return [await readRecords(work.path)];
  }
  const steps = conformanceSteps(binaries, { driver, named, options });
  const built = await engine.build([selfTest, ...steps], signal, "conformance");
  return await Promise.all(steps.map((step) => {
    const manifest = built.get(step.name);
    if (manifest === undefined) throw new EngineError("io", `The output of "${step.name}" is not there`);
    return readRecords(engine.folderOf(manifest));
  }));
}

/** @throws {EngineError} "usage" if the file is not what `run_tests.py` writes */
async function importRecords(path: string): Promise<ConformanceRecords> {
  try {
    return ConformanceRecords.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "it is not there"
      : "it is not a records.json of recipes/conformance/run_tests.py";
    throw new EngineError("usage", `Cannot read "${path}": ${reason}`, { cause: error });
  }
}

/** How often the tests ran: a test that a dying process never reached ran less often than others. */
function runsOf({ suites }: ConformanceRecords): number {
  return Math.max(0, ...Object.values(suites).flatMap((records) => records.map(({ runs }) => runs)));
}

async function readRecords(folder: string): Promise<ConformanceRecords> {
  return ConformanceRecords.parse(JSON.parse(await Deno.readTextFile(join(folder, "records.json"))));
}

function summaryLines(suites: Readonly<Record<string, SuiteSummary>>, runs: number): string[] {
  return Object.entries(suites).flatMap(([name, { tests, passed, failed, flaky, skipped, notPassed }]) => {
    const odd = Object.entries({ failed, flaky, skipped }).filter(([, count]) => count > 0);
    return [
      `${name}: ${passed} of ${tests} passed in ${runs} ${runs === 1 ? "run" : "runs"}` +
      odd.map(([status, count]) => `, ${count} ${status}`).join(""),
      ...notPassed.map((one) => `  ${one.status}: ${one.name} (seeds ${one.failedSeeds.join(", ")})`),
    ];
  });
}

function seedNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError("It must be a whole number, zero or above.");
  }
  return value;
}
