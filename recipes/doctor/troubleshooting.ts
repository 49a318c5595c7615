import { FAILURES } from "./diagnose.ts";
import type { Area, Failure } from "./failure.ts";

const AREAS: readonly (readonly [Area, string])[] = [
  ["machine", "The machine"],
  ["build", "Building PyTorch with Vulkan"],
  ["android", "The Android build"],
  ["convert", "Converting a model"],
  ["load", "Loading a model on a device"],
  ["run", "Running on Vulkan"],
];

/** The text of docs/troubleshooting.md, made from the table of known failures. */
export function troubleshootingMarkdown(): string {
  const sections = AREAS.map(([area, title]) =>
    [`## ${title}`, ...FAILURES.filter((failure) => failure.area === area).map(entry)].join("\n\n")
  );
  return `${
    [
      "# Troubleshooting",
      "<!-- Made from recipes/doctor/. Write it anew with: deno run -A recipes/doctor/write_docs.ts -->",
      "`deno task doctor` checks the machine. `deno task doctor --log FILE` looks for these failures in a log, from " +
      "this project or from a build of your own; the same is done with the log of every step that fails.",
      ...sections,
    ].join("\n\n")
  }\n`;
}

function entry(failure: Failure): string {
  const { id, title, example, cause, fix, since, reference } = failure;
  return [
    `<a id="${id}"></a>\n\n### ${title}`,
    `\`\`\`text\n${example}\n\`\`\``,
    cause,
    `**Fix:** ${fix}.`,
    `Seen in: ${since}. See ${link(reference)}.`,
  ].join("\n\n");
}

/** Files of the project are linked from docs/, where the page lies. */
function link(reference: string): string {
  return reference.startsWith("https://") ? `<${reference}>` : `[${reference}](../${reference})`;
}
