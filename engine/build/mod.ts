export { build, type BuildOptions, type BuildResult } from "./build.ts";
