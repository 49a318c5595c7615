/**
 * What is known of failures and of machines: the table behind `deno task doctor` and docs/troubleshooting.md.
 *
 * @module
 */
export * from "./check.ts";
export * from "./checks.ts";
export * from "./diagnose.ts";
export * from "./failure.ts";
export * from "./troubleshooting.ts";
