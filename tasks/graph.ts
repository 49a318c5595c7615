/**
 * `deno task graph`: the graph as text, as DOT, or as a page to look at.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { explainIo, graphView, type Host, toDot } from "../engine/mod.ts";
import { loadProject } from "../recipes/project.ts";
import { graphTree } from "../ui/graph_tree.ts";
import { graphCommand } from "./_options.ts";
import { resolveAnyTarget } from "./_resolve_target.ts";
import { openEngine, REPOSITORY } from "./_session.ts";
import { targetOptions } from "./_target_options.ts";

/** The command. */
export function command(host: Host) {
  return targetOptions(graphCommand("graph", "Draw the graph, with hits, times and the critical path"))
    .argument(
      "[target]",
      "a command (test-swiftshader, build-models, build-aar) or a step",
      "test-swiftshader",
    )
    .addOption(
      new Option("--format <name>", "a tree of text, Graphviz's language, or one page without outside parts")
        .choices(["text", "dot", "html"] as const).default("text" as const),
    )
    .option("--out <file>", "write to a file instead of standard output")
    .addHelpText("after", EXAMPLES)
    .action(async (target, values) => {
      const project = await loadProject(host, REPOSITORY);
      const { targets } = await resolveAnyTarget(host, project, { target, values });
      const engine = openEngine(host, project, values, () => {});
      const view = graphView(engine.plan(targets), {
        store: engine.store,
        targets: targets.map(({ name }) => name),
      });
      const render = async () => {
        switch (values.format) {
          case "text":
            return `${graphTree(view).join("\n")}\n`;
          case "dot":
            return toDot(view);
          case "html": {
            const { graphPage } = await import("../ui/graph_page/mod.ts");
            return graphPage(view, { title: target, nowMs: host.clock.now() });
          }
        }
      };
      const { out } = values;
      if (out !== undefined) {
        try {
          host.fs.writeFile(out, await render());
        } catch (error) {
          throw explainIo(error, `write "${out}"`);
        }
      }
      if (values.json) {
        console.log(JSON.stringify({ schema: 1, command: "graph", ok: true, target, file: out, ...view }));
      } else if (out === undefined) await Deno.stdout.write(new TextEncoder().encode(await render()));
    });
}

const EXAMPLES = `
Examples:
  deno task graph
  deno task graph host-runtime/plugin --format dot | dot -Tsvg > graph.svg
  deno task graph --format html --out graph.html
  deno task graph build-aar
`;
