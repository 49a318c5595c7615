/**
 * Renderers of what the engine tells: live on a terminal, as a plain log, for GitHub Actions, as JSON lines.
 * They write to standard error; standard output belongs to results.
 *
 * ```ts
 * import { openRenderer } from "./ui/mod.ts";
 *
 * using renderer = openRenderer("auto", { isTty: Deno.stderr.isTerminal(), env: Deno.env });
 * renderer.onEvent({ type: "warning", message: "Something to know" });
 * ```
 *
 * @module
 */
export * from "./clean.ts";
export * from "./format.ts";
export * from "./github.ts";
export * from "./jsonl.ts";
export * from "./log_renderer.ts";
export * from "./notice.ts";
export * from "./pick.ts";
export * from "./plain.ts";
export * from "./progress.ts";
export * from "./render_error.ts";
export * from "./renderer.ts";
export * from "./screen.ts";
export * from "./style.ts";
export * from "./terminal.ts";
export * from "./terminal_view.ts";
