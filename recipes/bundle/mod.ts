/**
 * Runners that can be taken elsewhere: with everything that another machine needs to run models, and nothing that it
 * has to have.
 *
 * @module
 */
export { PORTABLE_PLATFORMS, type PortableRequest, portableRuntime } from "./portable.ts";
export { linuxRuntime, type Platform, type PortableRuntime } from "./runtime.ts";
