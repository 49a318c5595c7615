/**
 * A certificate for a server on this machine, made by openssl: what comes without HTTPS is not believed by some commands.
 *
 * @module
 */
import { join } from "node:path";

/** A server's certificate and key, and the authority that vouches for it. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Path of the authority's certificate, for `DENO_CERT`. */
  readonly authority: string;
}

/** Whether this machine can make one. */
export const HAS_OPENSSL = (() => {
  try {
    return openssl("/", ["version"]).startsWith("OpenSSL 3");
  } catch {
    return false;
  }
})();

/** Makes a certificate for "localhost" in a folder. */
export function makeCertificate(folder: string): Certificate {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const sign = ["req", "-x509", ...key];
  openssl(folder, [...sign, "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem"]);
  openssl(folder, [
    ...[...sign, "-subj", "/CN=localhost", "-CA", "ca.pem", "-CAkey", "ca.key"],
    ...["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"],
    ...["-keyout", "server.key", "-out", "server.pem"],
  ]);
  return {
    cert: Deno.readTextFileSync(join(folder, "server.pem")),
    key: Deno.readTextFileSync(join(folder, "server.key")),
    authority: join(folder, "ca.pem"),
  };
}

function openssl(folder: string, args: readonly string[]): string {
  const { success, stdout, stderr } = new Deno.Command("openssl", { args: [...args], cwd: folder })
    .outputSync();
  if (!success) throw new Error(`openssl failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
