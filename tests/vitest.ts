/**
 * The part of vitest's API that the tests use, on top of `deno test`. deno.json maps "vitest" to this file, so the
 * same test files read the same under both. `expect` is vitest's own; only the collecting of suites is done here: a
 * top-level `describe` becomes one `Deno.test`, everything inside it a step.
 *
 * @module
 */
import * as chai from "chai";
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import type { ExpectStatic } from "@vitest/expect";

// Whole values in messages: there is no diff beside them.
chai.config.truncateThreshold = 4_000;
chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** vitest's `expect`. */
export const expect: ExpectStatic = chai.expect as unknown as ExpectStatic;

type Body = () => void | Promise<void>;

interface Suite {
  readonly name: string;
  readonly skip: boolean;
  readonly children: Array<Suite | Test>;
  readonly before: Body[];
  readonly after: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
}

interface Test {
  readonly name: string;
  readonly skip: boolean;
  readonly body: Body;
}

let current: Suite | undefined;

/** Groups tests; nests. */
export const describe: {
  (name: string, body: () => void): void;
  skipIf(condition: boolean): (name: string, body: () => void) => void;
} = Object.assign(
  (name: string, body: () => void) => collectSuite(name, false, body),
  { skipIf: (condition: boolean) => (name: string, body: () => void) => collectSuite(name, condition, body) },
);

/** One test. The third argument (a timeout in vitest) is accepted and left to `deno test`. */
export const it: {
  (name: string, body: Body, timeoutMs?: number): void;
  skipIf(condition: boolean): (name: string, body: Body, timeoutMs?: number) => void;
  /** Cases that are arrays are spread over the body's parameters, as vitest does. */
  // deno-lint-ignore no-explicit-any -- as vitest types it
  each(cases: readonly any[]): (name: string, body: (...items: any[]) => void | Promise<void>) => void;
} = Object.assign(
  (name: string, body: Body, _timeoutMs?: number) => collectTest({ name, skip: false, body }),
  {
    skipIf: (skip: boolean) => (name: string, body: Body, _timeoutMs?: number) =>
      collectTest({ name, skip, body }),
    // deno-lint-ignore no-explicit-any -- see above
    each: (cases: readonly any[]) => (name: string, body: (...items: any[]) => void | Promise<void>) => {
      for (const item of cases) {
        const items = Array.isArray(item) ? item : [item];
        collectTest({ name: name.replace("%s", String(items[0])), skip: false, body: () => body(...items) });
      }
    },
  },
);

/** Runs once before the tests of the enclosing `describe`. */
export function beforeAll(body: Body): void {
  enclosing("beforeAll").before.push(body);
}

/** Runs once after the tests of the enclosing `describe`. */
export function afterAll(body: Body): void {
  enclosing("afterAll").after.push(body);
}

/** Runs before each test of the enclosing `describe`. */
export function beforeEach(body: Body): void {
  enclosing("beforeEach").beforeEach.push(body);
}

/** Runs after each test of the enclosing `describe`. */
export function afterEach(body: Body): void {
  enclosing("afterEach").afterEach.push(body);
}

function collectSuite(name: string, skip: boolean, body: () => void): void {
  const suite: Suite = { name, skip, children: [], before: [], after: [], beforeEach: [], afterEach: [] };
  const parent = current;
  current = suite;
  try {
    body();
  } finally {
    current = parent;
  }
  if (parent !== undefined) parent.children.push(suite);
  else Deno.test({ name, ignore: skip, fn: (context) => runSuite(suite, context, []) });
}

function collectTest(test: Test): void {
  if (current !== undefined) current.children.push(test);
  else Deno.test({ name: test.name, ignore: test.skip, fn: () => test.body() });
}

async function runSuite(suite: Suite, context: Deno.TestContext, parents: readonly Suite[]): Promise<void> {
  const chain = [...parents, suite];
  for (const body of suite.before) await body();
  try {
    for (const child of suite.children) {
      await context.step({
        name: child.name,
        ignore: child.skip,
        fn: (inner) => "body" in child ? runTest(child, chain) : runSuite(child, inner, chain),
      });
    }
  } finally {
    for (const body of suite.after) await body();
  }
}

async function runTest(test: Test, chain: readonly Suite[]): Promise<void> {
  for (const suite of chain) for (const body of suite.beforeEach) await body();
  try {
    await test.body();
  } finally {
    for (const suite of chain.toReversed()) for (const body of suite.afterEach) await body();
  }
}

function enclosing(what: string): Suite {
  if (current === undefined) throw new Error(`Cannot use ${what} outside describe`);
  return current;
}
