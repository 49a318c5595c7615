import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { renderJunit } from "./junit.ts";
import { failedModel, fixtureModel, fixtureResult, wrongModel } from "./testdata/fixture.ts";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseAttributeValue: false,
  isArray: (name: string) => ["testsuite", "testcase", "property"].includes(name),
});

describe("renderJunit()", () => {
  it("has one suite per model and one case per check", () => {
    const [suite] = suites(renderJunit(fixtureResult()));
    expect(suite).toMatchObject({
      "@name": "mobilenet_v2",
      "@tests": "6",
      "@failures": "0",
      "@skipped": "0",
    });
    expect(suite!.testcase.map((test) => test["@name"])).toEqual([
      "load",
      "run on cpu",
      "run on vulkan",
      "device",
      "parity",
      "determinism",
    ]);
    expect(suite!.properties.property).toContainEqual({ "@name": "fixture", "@value": "true" });
  });

  it("reports failures with code, message and hint, and skips what they made impossible", () => {
    const failure = { code: "missing-op", message: 'No "aten::silu"', hint: "Rewrite <it> & go" } as const;
    const xml = renderJunit(
      fixtureResult({ models: [fixtureModel(), wrongModel("w"), failedModel("y", failure)] }),
    );
    const [, wrong, missing] = suites(xml);
    expect(wrong!["@failures"]).toBe("1");
    const run = missing!.testcase.find((test) => test["@name"] === "run on vulkan")!;
    expect(run["failure"]).toEqual({
      "@type": "missing-op",
      "@message": 'No "aten::silu"',
      "#text": 'missing-op on vulkan: No "aten::silu"\nhint: Rewrite <it> & go',
    });
    expect(missing!.testcase.filter((test) => test["skipped"] !== undefined).map((test) => test["@name"]))
      .toEqual([
        "device",
        "parity",
        "determinism",
      ]);
    expect(parser.parse(xml).testsuites).toMatchObject({ "@tests": "18", "@failures": "2", "@skipped": "3" });
  });

  it("stays well-formed whatever a message holds", () => {
    const message = "\x1b[31m<b> & \"quotes\" 'too' ]]> \ud800 \uffff\x00\nnext line";
    const xml = renderJunit(fixtureResult({ models: [failedModel("<m>&\"'", { code: "crash", message })] }));
    expect(XMLValidator.validate(xml)).toBe(true);
    // deno-lint-ignore no-control-regex -- control characters are what is looked for
    expect(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(xml)).toBe(false);
    expect(suites(xml)[0]!["@name"]).toBe("<m>&\"'");
  });

  it("fails a measurement that was cut short, though every model in it passed", () => {
    const found = suites(renderJunit(fixtureResult({ complete: false })));
    expect(found.at(-1)).toMatchObject({ "@name": "measurement", "@failures": "1" });
  });
});

interface Suite {
  readonly [attribute: string]: unknown;
  readonly properties: { readonly property: unknown[] };
  readonly testcase: ReadonlyArray<Record<string, unknown>>;
}

function suites(xml: string): Suite[] {
  return parser.parse(xml).testsuites.testsuite;
}
