/**
 * `deno task test-device`: the models on a device through adb or ssh, on this machine's drivers, or in a bundle to carry.
 *
 * @module
 */
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { EngineError, EXIT, type Host } from "../engine/mod.ts";
import { effortOf } from "../measure/effort.ts";
import { BUNDLE_DRIVERS } from "../measure/targets/bundle.ts";
import { DeviceError } from "../measure/targets/device_error.ts";
import { findMachineDriver } from "../recipes/drivers/mod.ts";
import { explainModelFile } from "../recipes/model_file.ts";
import { mainJob } from "../recipes/project.ts";
import { type TargetChoice, targetChoice } from "./_device_target.ts";
import { jobOptions } from "./_job_options.ts";
import { measureOptions } from "./_measure_options.ts";
import { chooseModelsAndFiles } from "./_model_files.ts";
import { graphCommand, positiveInteger } from "./_options.ts";
import { assertOutputFolder } from "./_output_folder.ts";
import { inSession, REPOSITORY } from "./_session.ts";
import { printResult } from "./_print_result.ts";

/** The command. */
export function command(host: Host) {
  return jobOptions(measureOptions(
    graphCommand("test-device", "Run the models on a device and compare CPU with Vulkan there"),
  ))
    .addOption(
      new Option(
        "--target <target>",
        "adb (the only device), adb:SERIAL, ssh:HOST, gpu, swiftshader, lavapipe, or bundle",
      ).argParser(targetChoice).default({ kind: "adb" } as TargetChoice, "adb"),
    )
    .addOption(
      new Option(
        "--driver <name>",
        "Vulkan driver on adb, ssh and bundle: the device's own, or one brought along",
      )
        .choices(BUNDLE_DRIVERS).default("device" as const),
    )
    .addOption(
      new Option("--profile <name>", "the device as it is, or held still: steady clocks, screen on")
        .choices(["stock", "lab"] as const).default("stock" as const),
    )
    .option("--device-folder <path>", "where to work on the device")
    .option("--reconnect <seconds>", "how long to look for a device that went away", positiveInteger, 120)
    .option(
      "--cool-down <seconds>",
      "how long to wait for a warm device before each process",
      positiveInteger,
      300,
    )
    .option(
      "--remove",
      "leave nothing on the device; without it the files stay, so that the next time is quick",
    )
    .option("--ssh-config <file>", "configuration for ssh in place of the user's")
    .addOption(
      new Option("--out <folder>", "where a bundle goes").default(
        join(REPOSITORY, "results", "bundle"),
        "results/bundle/",
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      const { target, driver } = values;
      const chosen = chooseModelsAndFiles(host, values);
      if (target.kind === "bundle") assertOutputFolder(host, values.out, "--out");
      else assertOutputFolder(host, values.results, "--results");
      if (target.kind === "gpu") assertGpuDriver(host);
      if (driver !== "device" && !["adb", "ssh", "bundle"].includes(target.kind)) {
        throw new EngineError("usage", `Cannot use --driver with --target ${target.kind}: it has its own`, {
          hint: "Leave --driver out",
        });
      }
      if (values.runtime === "source" && ["adb", "ssh", "bundle"].includes(target.kind)) {
        throw new EngineError("usage", "Cannot bring --runtime source to another machine", {
          hint: "Leave it out there, or use it with --target gpu, swiftshader or lavapipe",
        });
      }
      const effort = effortOf(values.effort, values);
      const outcome = await inSession(host, values, async (session) => {
        const job = mainJob(session.project, {
          ...chosen,
          weights: values.weights,
          runtime: values.runtime,
          size: values.size,
          samples: values.samples,
        });
        const request = { job, effort, effortName: values.effort, values };
        try {
          if (target.kind === "bundle") {
            const { makeBundle } = await import("./_device_bundle.ts");
            return { bundle: await makeBundle(session, request) };
          }
          if (target.kind === "adb" || target.kind === "ssh") {
            const { measureOnDevice } = await import("./_device_run.ts");
            return await measureOnDevice(session, { ...request, target });
          }
          const manifests = await session.engine.build(job.targets, session.signal, "test-device");
          const { measureModels } = await import("./_measure.ts");
          return await measureModels(session, {
            command: "test-device",
            job,
            manifests,
            values: { ...values, driver: target.kind },
          });
        } catch (error) {
          throw explainModelFile(error);
        }
      });
      if ("bundle" in outcome) {
        const { folder, files, jobs, sizeBytes } = outcome.bundle;
        if (values.json) {
          console.log(
            JSON.stringify({
              schema: 1,
              command: "test-device",
              ok: true,
              bundle: folder,
              files,
              jobs,
              sizeBytes,
            }),
          );
        } else {
          console.log(
            `bundle: ${folder} (${files} files, ${(sizeBytes / 1e6).toFixed(0)} MB, ${jobs} processes)`,
          );
          console.log(`On the other machine: ./run; then here: deno task import-result ${folder}`);
        }
        return;
      }
      await printResult(outcome, { json: values.json === true });
      if (!outcome.result.ok) Deno.exitCode = EXIT.failed;
    });
}

/** Told before anything is built, in the words of this command. */
function assertGpuDriver(host: Host): void {
  try {
    findMachineDriver(host);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new DeviceError("no-vulkan", error.message, {
      hint: (error.hint ?? "").replaceAll("--driver ", "--target "),
      detail: error.detail,
      cause: error,
    });
  }
}

const EXAMPLES = `
Examples:
  deno task test-device                                   the one device that adb sees
  deno task test-device --target adb:R58M12ABCDE --profile lab --effort normal
  deno task test-device --target ssh:board --driver swiftshader
  deno task test-device --target gpu --size full
  deno task test-device --target bundle --out /media/stick/vkforge

Exit codes: 0 ok, 1 a model failed, 2 usage, also several devices and none named, 3 the device cannot be had or was
lost (nothing is said of the models then), 130 interrupted.
`;
