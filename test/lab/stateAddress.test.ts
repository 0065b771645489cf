import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { TalwegError } from "talweg";
import { expect, test } from "vitest";
import { fromAddress, toAddress } from "../../lab/state/address.ts";
import { floatsToText } from "../../lab/state/bits.ts";
import { checkSetting, datasetOf, networkOf, presets } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";
import { anySetting } from "./stateMaterial.ts";

/** @throws What is no error of the library. */
async function kind(fragment: string): Promise<string> {
  try {
    await fromAddress(fragment);
    return "";
  } catch (error) {
    if (error instanceof TalwegError) return error.message;
    throw error;
  }
}

function link(json: string): string {
  return `b${deflateRawSync(json).toString("base64url")}`;
}

test("any setting comes back from its address as it was, and the same setting has the same address", async () => {
  await fc.assert(
    fc.asyncProperty(anySetting, async (setting) => {
      const address = await toAddress(setting);
      expect(address).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(await fromAddress(`#${address}`)).toEqual(setting);
      expect(await toAddress(structuredClone(setting))).toBe(address);
    }),
    { numRuns: 100 },
  );
});

test("presets have short links", async () => {
  for (const { setting } of presets) {
    const address = await toAddress(setting);
    expect(address.length).toBeLessThan(300);
    expect(await fromAddress(address)).toEqual(setting);
  }
});

test("a link with all weights of a 2-16-16-1 network stays below 2,500 characters", async () => {
  const spirals = presets.find(({ id }) => id === "spirals")!.setting;
  const hidden = [16, 16].map((units) => ({ units, activation: "relu" as const }));
  const data = datasetOf(spirals, "train");
  const parameters = networkOf({ ...spirals, hidden }, data).parameters.slice() as Float32Array;
  for (let i = 0; i < parameters.length; i++) parameters[i]! += Math.fround(i / 777);
  const setting = checkSetting({ ...spirals, hidden, start: floatsToText(parameters), step: 0 });
  const address = await toAddress(setting);
  expect(address.length).toBeLessThan(2500);
  expect(await fromAddress(address)).toEqual(setting);
});

test("text that is no link is refused with a reason, and never hangs", async () => {
  const text = fc.oneof(
    fc.string(),
    fc.stringMatching(/^#?[ab][A-Za-z0-9_-]*$/),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => `b${Buffer.from(bytes).toString("base64url")}`),
    fc.json().map((json) => `a${Buffer.from(json).toString("base64url")}`),
  );
  await fc.assert(
    fc.asyncProperty(text, async (fragment) => {
      await kind(fragment);
    }),
    { numRuns: 400 },
  );
});

test("a link that was cut or changed is refused, or still is a setting within its limits", async () => {
  const whole = await toAddress(presets.at(-1)!.setting);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.stringMatching(/^[A-Za-z0-9_-]?$/), async (at, letter) => {
      await kind(whole.slice(0, at) + letter + whole.slice(at + 1));
      await kind(whole.slice(0, at));
    }),
    { numRuns: 200 },
  );
});

test("fields of any kind in a link are refused by name, or are what they should be", async () => {
  const plain: Setting = presets[0]!.setting;
  const names = [...Object.keys(plain), "__proto__", "constructor", "toString"];
  const field = fc.tuple(fc.constantFrom(...names), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(fc.array(field, { maxLength: 4 }), async (fields) => {
      const pairs = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
      await kind(link(`{${pairs.join()}}`));
    }),
    { numRuns: 300 },
  );
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each([
  ["", /begins with "", expected "a" or "b"/],
  ["#c123", /begins with "c"/],
  ["a!!!", /link has "!" at place 1, expected base64url/],
  ["bAAAAA", /is cut short|cannot be unpacked/],
  [`a${"A".repeat(400_000)}`, /has 400001 characters, expected at most 400000/],
  [link("[]"), /is no setting/],
  [link("{"), /is not the text of a setting/],
  [link('{"version":2}'), /version is 2, expected 1/],
  [link('{"seed":-1}'), /seed is -1, expected a whole number from 0/],
  [
    link('{"hidden":[{"units":33,"activation":"relu"}]}'),
    /hidden layer 1: units is 33, expected a whole number from 1 to 32/,
  ],
  [link('{"hidden":[{"units":3,"activation":"softmax"}]}'), /activation is "softmax", expected one of/],
  [link('{"data":{"rows":1e9}}'), /rows is 1000000000, expected a whole number from 4 to 2000/],
  [link('{"data":{"kind":"drawn"}}'), /points is undefined, expected 1 to 2000 points/],
  [link('{"data":{"kind":"drawn","points":[[1,2],[1]]}}'), /point 2 is a list of 1, expected/],
  [
    link('{"data":{"kind":"drawn","points":[[1,2,1]],"classes":["a"]}}'),
    /classes is a list of 1, expected 2 to 20/,
  ],
  [link('{"trainer":{"learningRate":0}}'), /learningRate is 0, expected a number from/],
  [link('{"start":"AAAA"}'), /start has 3 bytes, expected four for each number/],
  [link('{"start":"AAAAAA"}'), /start has 1 numbers, expected 193/],
  [link('{"output":"softmax"}'), /softmax with one unit/],
  [link('{"step":1e6}'), /step is 1000000, expected at most 700/],
])("%.40s is refused with the reason", async (fragment, reason) => {
  expect(await kind(fragment)).toMatch(reason);
});

test("a small link that unfolds to gigabytes is refused while it unfolds", async () => {
  const bomb = link(" ".repeat(200_000_000));
  expect(bomb.length).toBeLessThan(400_000);
  const begun = performance.now();
  expect(await kind(bomb)).toMatch(/unfolds to more than 1048576 bytes/);
  expect(performance.now() - begun).toBeLessThan(2000);
});
