/**
 * Keeps secrets out of everything that is shown or kept for people.
 *
 * @module
 */
export { isSecretName, secretsOf } from "./environment.ts";
export { MASK, type MaskingStream } from "./masking_stream.ts";
export { MIN_SECRET_LENGTH, Secrets } from "./secrets.ts";
