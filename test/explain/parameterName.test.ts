import { OptionError } from "talweg/core";
import { parameterIndex, parameterName } from "talweg/explain";
import { dense, network } from "talweg/network";
import { expect, test } from "vitest";
import { thrown } from "../kernels/material.ts";

const n = network([dense(2, 3, "tanh"), dense(3, 12, "relu"), dense(12, 1)], { seed: 5 });

test("names and indices of parameters are each other's inverse, over the whole flat vector", () => {
  const names = Array.from({ length: n.parameterCount }, (_, index) => parameterName(n, index));
  expect(new Set(names).size).toBe(n.parameterCount);
  expect(names.map((name) => parameterIndex(n, name))).toEqual([...names.keys()]);
  expect([names[0], names[4], names[6], names[8], names.at(-1)]).toEqual([
    "W1[0,0]",
    "W1[1,1]",
    "b1[0]",
    "b1[2]",
    "b3[0]",
  ]);
});

test("a name leads to the number that the network has at that place", () => {
  expect(n.parameters[parameterIndex(n, "W2[1,4]")]).toBe(n.weights(2)[1 * 12 + 4]);
  expect(n.parameters[parameterIndex(n, "b2[7]")]).toBe(n.biases(2)[7]);
});

test("spaces and small letters are the same name", () => {
  expect(parameterIndex(n, "w3[ 11, 0 ]")).toBe(parameterIndex(n, "W3[11,0]"));
  expect(parameterIndex(n, " B2[4]")).toBe(parameterIndex(n, "b2[4]"));
});

const layer3 = "layer 3 has weights W3[0..11, 0] and biases b3[0].";

test.each([
  ["W3[12,0]", `parameter W3[12,0] does not exist; ${layer3}`],
  ["W3[0,1]", `parameter W3[0,1] does not exist; ${layer3}`],
  ["b3[1]", `parameter b3[1] does not exist; ${layer3}`],
  ["b1[3]", "parameter b1[3] does not exist; layer 1 has weights W1[0..1, 0..2] and biases b1[0..2]."],
  [
    "W4[0,0]",
    `parameter W4[0,0] does not exist: there is no layer 4, the network has layers 1 to 3; ${layer3}`,
  ],
  [
    "b0[0]",
    "parameter b0[0] does not exist: there is no layer 0, the network has layers 1 to 3; " +
      "layer 1 has weights W1[0..1, 0..2] and biases b1[0..2].",
  ],
])("%s does not exist, and the message says what does", (name, message) => {
  expect(thrown(() => parameterIndex(n, name))).toEqual({ kind: OptionError, message });
});

test.each(["W3", "W3[0]", "b3[0,0]", "", "W-1[0,0]", "x[0]", "W1[0.5,0]", "W99999999999[0,0]"])(
  "%j is no name, and the message shows one",
  (name) => {
    expect(thrown(() => parameterIndex(n, name))).toEqual({
      kind: OptionError,
      message:
        `parameter is ${JSON.stringify(name)}, expected a name such as W1[0,0] (the weight of layer 1 from input 0 to unit 0) ` +
        "or b1[0] (the bias of its unit 0), or an index from 0 to 69; layer 1 has weights W1[0..1, 0..2] and biases b1[0..2].",
    });
  },
);

test.each([-1, 70, 0.5, NaN])("%d is no index", (index) => {
  expect(thrown(() => parameterName(n, index))).toEqual({
    kind: OptionError,
    message: `parameter is ${index}, expected an index from 0 to 69, the places in the flat vector; or give a name such as W1[0,0].`,
  });
});
