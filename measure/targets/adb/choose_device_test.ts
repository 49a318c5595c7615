import { describe, expect, it } from "vitest";
import { parseDevices } from "./adb.ts";
import { chooseDevice } from "./choose_device.ts";

const LIST = `* daemon started successfully
List of devices attached
R58M12ABCDE            device usb:1-1 product:beyond1 model:SM_G973F device:beyond1 transport_id:1
emulator-5554          offline transport_id:2
0123456789             unauthorized usb:1-2 transport_id:3
9A221FFBA0             no permissions (missing udev rules? user is in the plugdev group); see [http://x] usb:1-3

`;

describe("parseDevices()", () => {
  it("reads serial number, state and model", () => {
    expect(parseDevices(LIST)).toEqual([
      { serial: "R58M12ABCDE", state: "device", model: "SM_G973F" },
      { serial: "emulator-5554", state: "offline" },
      { serial: "0123456789", state: "unauthorized" },
      { serial: "9A221FFBA0", state: "no permissions" },
    ]);
    expect(parseDevices("List of devices attached\n\n")).toEqual([]);
  });
});

describe("chooseDevice()", () => {
  const devices = parseDevices(LIST);
  const ready = devices.slice(0, 1);

  it("takes the only one, or the one that is named", () => {
    expect(chooseDevice(ready, undefined)).toBe("R58M12ABCDE");
    expect(chooseDevice(devices, "R58M12ABCDE")).toBe("R58M12ABCDE");
  });

  it.each([
    ["no-device", [], undefined, "Cannot find a device: adb sees none"],
    ["no-device", ready, "other", 'Cannot find the device "other"'],
    ["ambiguous", devices, undefined, "Cannot choose between 4 devices"],
    ["offline", devices, "emulator-5554", 'The device "emulator-5554" is offline'],
    ["unauthorized", devices, "0123456789", 'The device "0123456789" does not trust this computer'],
    [
      "unauthorized",
      devices,
      "9A221FFBA0",
      'Cannot open the device "9A221FFBA0": no permission for its USB port',
    ],
    [
      "offline",
      [{ serial: "x", state: "recovery" }],
      undefined,
      'The device "x" is not ready: adb calls it "recovery"',
    ],
  ])("tells %s in one sentence with a hint", (problem, list, serial, message) => {
    let caught: unknown;
    try {
      chooseDevice(list, serial);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({
      problem,
      message,
      hint: expect.stringMatching(/./),
      code: problem === "ambiguous" ? "usage" : "source-unavailable",
    });
  });
});
