/**
 * What a registry's refusals and faults read like, and which exit code they have.
 *
 * @module
 */
import { EngineError, type ErrorCode } from "../error.ts";
import { RegistryError, type RegistryFailure } from "./_registry_error.ts";
import type { RegistryClient } from "./client.ts";

/** What was meant to happen. */
export interface Attempt {
  readonly action: "pull" | "push";
  /** Name of the step. */
  readonly name: string;
  readonly client: RegistryClient;
}

/** A step that cannot be pulled is an input that is not to be had (exit 3); one that cannot be pushed, a failure (1). */
const CODES: Readonly<Record<Attempt["action"], Readonly<Record<RegistryFailure, ErrorCode>>>> = {
  pull: { unreachable: "source-unavailable", refused: "source-unavailable", invalid: "digest-mismatch" },
  push: { unreachable: "io", refused: "permission", invalid: "io" },
};

/** The error for people and programs; anything that is not the registry's doing is given as it is. */
export function explainFailure(error: unknown, { action, name, client }: Attempt): unknown {
  if (!(error instanceof RegistryError)) return error;
  const { address } = client;
  const where = action === "pull" ? `from ${address.text}` : `to ${address.text}`;
  const { failure, message } = error;
  return new EngineError(CODES[action][failure], `Cannot ${action} "${name}" ${where}: ${message}`, {
    hint: hintFor(failure, { action, name, client }),
    subject: name,
    cause: error,
  });
}

function hintFor(failure: RegistryFailure, { action, client }: Attempt): string {
  const { host } = client.address;
  switch (failure) {
    case "unreachable":
      return "Check the address and the network; a registry without TLS needs --plain-http";
    case "refused": {
      const remark = client.remark();
      const right = action === "push" ? " as somebody who may push there" : "";
      return `${
        remark === undefined ? "" : `${upperFirst(remark)}. `
      }Log in${right} with \`docker login ${host}\`, ` +
        "or set VKFORGE_REGISTRY_USER and VKFORGE_REGISTRY_PASSWORD";
    }
    case "invalid":
      return action === "push"
        ? "Check that the address is that of an OCI registry"
        : "Nothing of it was kept, and the step can be built here. If this is the right registry, " +
          "push a sound entry with --replace and find out who may push to it";
  }
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
