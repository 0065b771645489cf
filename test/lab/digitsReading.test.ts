/** What the digits view computes beside the page: ink, silenced neurons, and which pixels spoke for an answer. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import {
  dense,
  digitImage,
  fromSafetensors,
  type Network,
  network,
  parametersSha256,
  TalwegError,
} from "talweg";
import { describe, expect, test } from "vitest";
import { fromText, toText } from "../../lab/digits/address.ts";
import { createHistory } from "../../lab/digits/history.ts";
import { openingOf } from "../../lab/digits/memory.ts";
import { type DigitsReply, plannedSteps } from "../../lab/digits/protocol.ts";
import {
  drawn,
  enlarged,
  isEmpty,
  noInk,
  reduced,
  SIDE,
  shifted,
  stroke,
  thickened,
} from "../../lab/digits/raster.ts";
import { attributionOf, readingOf, silenced } from "../../lab/digits/reading.ts";
import { trainedHere, trainHere } from "./digitsTraining.ts";

const shipped = fromSafetensors(new Uint8Array(readFileSync("lab/digits/network.safetensors")));
const seven = drawn([
  [
    [0.3, 0.26],
    [0.72, 0.25],
    [0.47, 0.8],
  ],
]);
const input = digitImage({ width: SIDE, height: SIDE, pixels: seven }, { ground: "dark" }).input;

test("training stops when it is asked to, hands over what there is, and comes again as far to the same bits", async () => {
  const plan = { extent: "shipped", hidden: 32, epochs: 500, seed: 1 } as const;
  const replies: DigitsReply[] = [];
  const end = await trainHere(plan, undefined, (reply, host) => {
    replies.push(reply);
    if (reply.kind === "trained" && replies.filter(({ kind }) => kind === "trained").length === 2) {
      void host.ask({ kind: "stop" });
    }
  });
  expect([end.rows, end.stopped]).toEqual([2000, true]);
  const last = replies.findLast((reply) => reply.kind === "trained");
  expect(last?.step).toBeLessThan(plannedSteps(plan));
  const n = fromSafetensors(end.bytes);
  expect([n.inputs, n.outputs, n.metadata.loss]).toEqual([784, 10, "categoricalCrossEntropy"]);
  expect(parametersSha256(await trainedHere(plan, end.step))).toBe(parametersSha256(n));
  // One step more is another network.
  expect(parametersSha256(await trainedHere(plan, end.step + 1))).not.toBe(parametersSha256(n));
});

describe("a link", () => {
  const opening = openingOf(shipped);
  const neuron = fc.record({ layer: fc.integer({ min: 1, max: 3 }), unit: fc.nat(63) });
  const digit = fc.option(fc.nat(9));
  const hash = fc.stringMatching(/^[0-9a-f]{8}$/);
  const origin = fc.oneof(
    fc.constant({ kind: "shipped" } as const),
    fc.record({ kind: fc.constant("file" as const), name: fc.string({ maxLength: 100, unit: "grapheme" }) }),
    fc.record({
      kind: fc.constant("trained" as const),
      plan: fc.record({
        extent: fc.constantFrom("full" as const, "shipped" as const),
        hidden: fc.integer({ min: 1, max: 512 }),
        epochs: fc.integer({ min: 1, max: 1000 }),
        seed: fc.nat(),
      }),
      step: fc.integer({ min: 1, max: 32 }),
    }),
  );
  const pixels = fc.uint8Array({ minLength: 784, maxLength: 784 });
  const place = fc.record({ x: fc.nat(168), y: fc.nat(168) });
  const image = fc.oneof(
    pixels.map((all) => {
      const bytes = Uint8Array.from(all);
      return { ink: enlarged(bytes), taken: { pixels: bytes, number: bytes[0]! } };
    }),
    fc
      .array(fc.tuple(place, place), { maxLength: 3 })
      .map((all) => ({ ink: all.reduce((ink, [a, b]) => stroke(ink, "pen", a, b), noInk()), taken: null })),
    fc.constant({ ink: opening.picture.ink, taken: null }),
  );
  const waiting = fc.record({ origin, hash, off: fc.array(neuron, { maxLength: 3 }), selected: neuron });
  const linked = fc.record({
    picture: fc
      .tuple(image, digit, fc.boolean())
      .map(([one, target, centered]) => ({ ...one, target, centered })),
    origin,
    hash,
    off: fc.array(neuron, { maxLength: 5 }),
    selected: neuron,
    about: digit,
    wanted: fc.option(waiting),
  });

  test("brings back whatever is on show, and says the same twice", async () => {
    await fc.assert(
      fc.asyncProperty(linked, async (one) => {
        const text = await toText(one, opening);
        expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
        const back = await fromText(text, opening);
        expect(Buffer.compare(back.picture.ink, one.picture.ink)).toBe(0);
        // Comparing so many values one by one takes longer than all else.
        const ink = noInk();
        expect({ ...back, picture: { ...back.picture, ink } }).toEqual({
          ...one,
          picture: { ...one.picture, ink },
        });
        expect(await toText(back, opening)).toBe(text);
      }),
      { numRuns: 25 },
    );
  });

  test("says nothing of what the view opens with, and little of a drawing", async () => {
    expect(await toText(opening, opening)).toBe("");
    expect(await fromText("", opening)).toBe(opening);
    const picture = { ...opening.picture, ink: seven };
    expect((await toText({ ...opening, picture }, opening)).length).toBeLessThan(1500);
  });

  test("of any other text is refused with the library's errors, and never hangs", async () => {
    const stray = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => `a${Buffer.from(bytes).toString("base64url")}`),
      fc.json().map((json) => `a${Buffer.from(`${json}\n`).toString("base64url")}`),
      fc
        .tuple(
          fc.constantFrom("picture", "origin", "hash", "off", "selected", "about", "wanted"),
          fc.jsonValue(),
        )
        .map(
          ([name, value]) =>
            `a${Buffer.from(`${JSON.stringify({ [name]: value })}\n`).toString("base64url")}`,
        ),
    );
    await fc.assert(
      fc.asyncProperty(stray, async (text) => {
        const error = await fromText(text, opening).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(TalwegError);
      }),
      { numRuns: 300 },
    );
  });
});

describe("ink", () => {
  const place = fc.record({
    x: fc.double({ min: -20, max: 188, noNaN: true }),
    y: fc.double({ min: -20, max: 188, noNaN: true }),
  });

  test("a stroke is the same forwards and backwards, and a rubber along it leaves nothing", () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        const ink = stroke(noInk(), "pen", a, b);
        expect(Buffer.compare(stroke(noInk(), "pen", b, a), ink)).toBe(0);
        expect(isEmpty(stroke(ink, "rubber", a, b))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("a shift there and back changes nothing inside of the field, and moves the network's pixels by one", () => {
    expect(Buffer.compare(shifted(shifted(seven, 2, -1), -2, 1), seven)).toBe(0);
    const before = reduced(seven);
    const after = reduced(shifted(seven, 1, 0));
    for (let i = 0; i < 784; i++) if (i % 28 > 0) expect(after[i]).toBe(before[i - 1]);
  });

  test("thicker covers what was there, thinner lies within it", () => {
    const [more, less] = [thickened(seven, 1), thickened(seven, -1)];
    expect(seven.every((value, i) => value <= more[i]! && value >= less[i]!)).toBe(true);
    const mass = (ink: Uint8Array): number => ink.reduce((sum, value) => sum + value, 0);
    expect(mass(less)).toBeLessThan(mass(seven));
    expect(mass(more)).toBeGreaterThan(mass(seven));
  });

  test("a picture of MNIST that is enlarged to draw on is still that picture, nearly", () => {
    const bytes = Uint8Array.from(input, (value) => Math.round(255 * value));
    const back = reduced(enlarged(bytes));
    const error = back.reduce((sum, value, i) => sum + Math.abs(value - input[i]!), 0) / 784;
    expect(error).toBeLessThan(0.03);
  });
});

test("the shipped network reads a drawn seven, and has the size that the page may load", () => {
  expect(readingOf(shipped, input).answer).toBe(7);
  expect(readFileSync("lab/digits/network.safetensors").length).toBeLessThanOrEqual(210_000);
  expect(shipped.precision).toBe("float32");
});

test("a silenced neuron says nothing to the next layer; all else stays", () => {
  const { a } = shipped.forward(input);
  const loudest = a[0]!.indexOf(Math.max(...a[0]!));
  const off = [
    { layer: 1, unit: loudest },
    { layer: 1, unit: (loudest + 1) % 64 },
  ];
  const hidden = a[0]!.slice();
  for (const { unit } of off) hidden[unit] = 0;
  const rest = network([shipped.layers[1]!]);
  rest.parameters.set(shipped.parameters.subarray(785 * 64));
  const outputs = readingOf(silenced(shipped, off), input).activations.at(-1);
  expect(outputs).toEqual(Array.from(rest.predict(hidden)));
  expect(silenced(shipped, off).metadata).toEqual(shipped.metadata);
  expect(readingOf(shipped, input).activations.at(-1)).not.toEqual(outputs);
});

describe("input times gradient", () => {
  /** Its logit in float64, so that differences can be taken. */
  function logit(n: Network, x: Float64Array, label: number): number {
    return n.forward(x).z.at(-1)![label]!;
  }
  const curved = network([dense(784, 5, "tanh"), dense(5, 4, "sigmoid"), dense(4, 10, "softmax")], {
    seed: 3,
    precision: "float64",
  });

  test("agrees with central differences for any activation", () => {
    const { pixels } = attributionOf(curved, input, 7);
    const x = Float64Array.from(input);
    const inked = Array.from(input.keys()).filter((i) => input[i]! > 0.2);
    expect(inked.length).toBeGreaterThan(50);
    for (const i of inked.slice(0, 60)) {
      const h = 1e-5;
      const [up, down] = [x.slice(), x.slice()];
      up[i]! += h;
      down[i]! -= h;
      const slope = (logit(curved, up, 7) - logit(curved, down, 7)) / (2 * h);
      expect(Math.abs(pixels[i]! - x[i]! * slope)).toBeLessThan(1e-8);
    }
    expect(pixels.every((p, i) => input[i] !== 0 || p === 0)).toBe(true);
  });

  test("makes up the logit; with relu and without biases nothing is left", () => {
    const { logit: sum, forIt, against, rest } = attributionOf(shipped, input, 7);
    expect(forIt + against + rest).toBeCloseTo(sum, 10);
    expect(sum).toBeCloseTo(readingOf(shipped, input).logits[7]!, 4);
    const unbiased = silenced(shipped, []);
    for (const layer of [1, 2]) unbiased.biases(layer).fill(0);
    expect(Math.abs(attributionOf(unbiased, input, 7).rest)).toBeLessThan(1e-4);
  });
});

test("undo goes back over whole strokes, redo forth, and a new change ends what could be redone", () => {
  const { now, change, undo, redo, undoLabel, redoLabel, amend } = createHistory(0);
  change("a", (n) => n + 1, "stroke 1");
  change("a", (n) => n + 1, "stroke 1");
  change("b", (n) => n + 10);
  expect([now(), undoLabel()]).toEqual([12, "b"]);
  undo();
  expect([now(), undoLabel(), redoLabel()]).toEqual([2, "a", "b"]);
  undo();
  undo();
  expect([now(), undoLabel()]).toEqual([0, null]);
  redo();
  expect(now()).toBe(2);
  amend((n) => n + 100);
  change("c", (n) => n + 1, "stroke 1");
  expect([now(), redoLabel()]).toEqual([103, null]);
  undo();
  expect(now()).toBe(102);
});
