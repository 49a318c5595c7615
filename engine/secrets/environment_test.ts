import { describe, expect, it } from "vitest";
import { isSecretName, secretsOf } from "./environment.ts";

describe("isSecretName()", () => {
  it.each([
    "GITHUB_TOKEN",
    "npm_config__authToken",
    "npm_config_//registry.example/:_authToken",
    "DB_PASSWORD",
    "MYSQL_PWD",
    "PGPASSWD",
    "AWS_SECRET_ACCESS_KEY",
    "SIGNING_KEY",
    "apiKey",
    "OPENAI_APIKEY",
    "GPG_PASSPHRASE",
    "GOOGLE_CREDENTIALS",
    "GH_PAT",
    "VKFORGE_REGISTRY_PASSWORD",
  ])("%s is one", (name: string) => expect(isSecretName(name)).toBe(true));

  it.each([
    "PATH",
    "PWD",
    "OLDPWD",
    "HOME",
    "KEYBOARD_LAYOUT",
    "SSH_AUTH_SOCK",
    "SIGNING_KEY_PATH",
    "GOOGLE_CREDENTIALS_FILE",
    "COMPATIBILITY",
    "VKFORGE_HOME",
    "XAUTHORITY",
    "AUTHOR",
  ])("%s is none", (name: string) => expect(isSecretName(name)).toBe(false));
});

describe("secretsOf()", () => {
  it("takes values of secret variables and passwords in URLs, and nothing else", () => {
    const secrets = secretsOf({
      API_TOKEN: "t0k3n-value",
      SECRET_FLAG: "a",
      PASSWORD: "default",
      HTTPS_PROXY: "http://user:p%40ssw0rd@proxy.example:8080/",
      USER: "somebody",
    });
    expect(secrets.mask("t0k3n-value p%40ssw0rd p@ssw0rd somebody a default proxy.example")).toBe(
      "*** *** *** somebody a default proxy.example",
    );
  });
});
