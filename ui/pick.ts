import { GithubFormat } from "./github.ts";
import { JsonLinesFormat } from "./jsonl.ts";
import { LogRenderer } from "./log_renderer.ts";
import { PlainFormat } from "./plain.ts";
import type { Renderer, RendererName, RendererOptions } from "./renderer.ts";
import { type Screen, stderrScreen } from "./screen.ts";
import { wantsColor } from "./style.ts";
import { TerminalRenderer } from "./terminal.ts";

/** What decides between the renderers. */
export interface RendererEnvironment {
  /** Whether standard error is a terminal. */
  readonly isTty: boolean;
  readonly env: { get(name: string): string | undefined };
}

/** Options of {@linkcode openRenderer}. */
export interface OpenRendererOptions extends RendererOptions, RendererEnvironment {
  /** Where to write; standard error if absent. */
  readonly screen?: Screen;
}

/** The renderer that "auto" stands for: github in GitHub Actions, terminal on a terminal, plain elsewhere. */
export function pickRenderer(name: RendererName | "auto", where: RendererEnvironment): RendererName {
  if (name !== "auto") return name;
  if (where.env.get("GITHUB_ACTIONS") === "true") return "github";
  return where.isTty && where.env.get("TERM") !== "dumb" ? "terminal" : "plain";
}

/** Opens a renderer; dispose it before anything else is written to the terminal. */
export function openRenderer(name: RendererName | "auto", options: OpenRendererOptions): Renderer {
  const screen = options.screen ?? stderrScreen();
  switch (pickRenderer(name, options)) {
    case "terminal":
      return new TerminalRenderer(screen, { ...options, color: options.color ?? wantsColor(options.env) });
    case "plain":
      return new LogRenderer(new PlainFormat(options), screen);
    case "github":
      return new LogRenderer(new GithubFormat(options), screen);
    case "jsonl":
      return new LogRenderer(new JsonLinesFormat(), screen);
  }
}
