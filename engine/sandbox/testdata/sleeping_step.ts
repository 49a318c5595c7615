// A process that a test kills while its step runs in a container. Argument: the store.
import { miniEngine, miniStep } from "../../../tests/fixtures/mini_engine.ts";

const { engine, image } = await miniEngine({ storeRoot: Deno.args[0] ?? "", sandbox: "docker" });
await engine.build([miniStep(image, { name: "sleeper", script: "sleep 100" })], new AbortController().signal);
