/** The digits view's own state: the picture, the network that reads it, and what a worker finds out about that network. */
import { type Accessor, batch, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import type { Dataset, Network } from "talweg";
import { fromText, toText } from "./address.ts";
import { type DigitsWorker, digitsWorker } from "./client.ts";
import type { Model, Picture, Scene } from "./digitsState.ts";
import type { History } from "./history.ts";
import { type Extent, hasFull, loadImages, numberOf, sourceOf } from "./images.ts";
import { existing, followed, linkedOf, type Memory } from "./memory.ts";
import { hashOf } from "./models.ts";
import { inputOf } from "./pictureInput.ts";
import { sent, type Tested } from "./protocol.ts";
import { enlarged, isEmpty } from "./raster.ts";
import { lossOf, type Neuron, type Reading, readingOf, sameNeuron, silenced } from "./reading.ts";

export interface TestImages {
  readonly extent: Extent;
  readonly data: Dataset;
}

export interface Digits extends Omit<History<Scene>, "now"> {
  readonly scene: Accessor<Scene>;
  /** `[784]`, what the network gets. */
  readonly input: Accessor<Float32Array>;
  readonly isBlank: Accessor<boolean>;
  /** The network as it was trained; it stays the same object while one draws. */
  readonly base: Accessor<Network>;
  readonly off: Accessor<readonly Neuron[]>;
  /** The network with its silenced neurons. */
  readonly network: Accessor<Network>;
  /** The first eight digits of its parametersSha256, as the command shows them of the file that is taken out. */
  readonly hash: Accessor<string>;
  readonly reading: Accessor<Reading>;
  /** The class that the figures are about: the answer, or one that the reader chose. */
  readonly about: Accessor<number>;
  choose(label: number | null): void;
  readonly selected: Accessor<Neuron>;
  select(neuron: Neuron): void;
  /** The place among the inputs that is pointed at. */
  readonly pixel: Accessor<number | null>;
  point(pixel: number | null): void;
  /** Undefined until somebody wants them. */
  readonly tests: Accessor<TestImages | undefined>;
  readonly hasFull: Accessor<boolean>;
  wantTests(extent?: Extent): Promise<TestImages | undefined>;
  /** On the test images; the newest that has come. */
  readonly tested: Accessor<Tested | undefined>;
  /** The same with no neuron silenced. */
  readonly testedWhole: Accessor<Tested | undefined>;
  /** The same, or that of the network before while its own is on the way. */
  readonly known: Accessor<Tested | undefined>;
  readonly stale: Accessor<boolean>;
  /** Why something could not be had; "". */
  readonly fault: Accessor<string>;
  draw(label: string, edit: (picture: Picture) => Picture, merge?: string): void;
  /** Shows a test image, by its row. */
  take(row: number): void;
  toggle(neuron: Neuron): void;
  replace(model: Model, label: string): void;
  /** The same network further trained, as long as it is the one on show; no place to come back to. */
  renew(model: Model): void;
  /** The network that came with the page. */
  restart(): void;
  /** What is on show, as text for a link. */
  text(): Promise<string>;
  /** Shows what the text of a link says. @throws {TalwegError} When it is broken; nothing has happened then. */
  follow(text: string): Promise<void>;
  /** The network that the link is about is waited for no longer. */
  forgetWanted(): void;
}

/** To be called within the view, whose end ends the worker. */
export function createDigits(memory: Memory): Digits {
  const { history } = memory;
  const scene = history.now;
  const picture = createMemo(() => scene().picture);
  const isBlank = createMemo(() => picture().taken === null && isEmpty(picture().ink));
  const input = createMemo(() => inputOf(picture()));
  const base = createMemo(() => scene().model.network);
  const off = createMemo(() => scene().off);
  const shown = createMemo(() => (off().length === 0 ? base() : silenced(base(), off())));
  const reading = createMemo(() => readingOf(shown(), input()));
  const [chosen, setChosen] = memory.chosen;
  const [selected, setSelected] = memory.selected;
  const [pixel, setPixel] = createSignal<number | null>(null);
  const tests = createTests({ base, shown });
  /** A scene with another network; the one that a link is about brings with it what the link says of it. */
  const withModel = (old: Scene, model: Model, off: readonly Neuron[]): Scene => {
    const { wanted } = old;
    if (wanted === null || hashOf(model.network) !== wanted.hash) return { ...old, model, off };
    setSelected(wanted.selected);
    return { ...old, model, off: existing(model.network, wanted.off), wanted: null };
  };
  const replace = (model: Model, label: string): void =>
    batch(() => {
      setChosen(null);
      history.change(label, (old) => withModel(old, model, []));
    });

  return {
    ...history,
    scene,
    input,
    isBlank,
    base,
    off,
    network: shown,
    hash: createMemo(() => hashOf(shown())),
    reading,
    about: () => chosen() ?? reading().answer,
    choose: setChosen,
    selected: () => {
      const { layer, unit } = selected();
      const units = base().layers[layer - 1]?.units;
      return units !== undefined && unit < units ? selected() : { layer: 1, unit: 0 };
    },
    select: setSelected,
    pixel,
    point: setPixel,
    ...tests,
    draw(label, edit, merge) {
      history.change(label, (old) => ({ ...old, picture: edit(old.picture) }), merge);
    },
    take(row) {
      const all = tests.tests();
      if (all === undefined) return;
      setChosen(null);
      history.change("test image", (old) => ({ ...old, picture: pictureOf(all, row, old.picture.centered) }));
    },
    toggle(neuron) {
      const isOff = scene().off.some((other) => sameNeuron(other, neuron));
      history.change(isOff ? "switch on a neuron" : "switch off a neuron", (old) => ({
        ...old,
        off: isOff ? old.off.filter((other) => !sameNeuron(other, neuron)) : [...old.off, neuron],
      }));
    },
    replace,
    renew(model) {
      const runs = (of: Model): object => (of.origin.kind === "trained" ? of.origin.plan : of);
      batch(() =>
        history.amend((old) => (runs(old.model) === runs(model) ? withModel(old, model, old.off) : old)),
      );
    },
    restart: () => replace(memory.shipped, "first network"),
    text: () => toText(linkedOf(memory), memory.opening),
    async follow(text) {
      const linked = await fromText(text, memory.opening);
      batch(() => {
        const here = followed(linked, memory.opening, [scene().model, memory.shipped]);
        history.change("the link", () => here.scene);
        setChosen(linked.about);
        setSelected(here.selected);
      });
    },
    forgetWanted: () => history.change("the link's network", (old) => ({ ...old, wanted: null })),
  };
}

function pictureOf({ data, extent }: TestImages, row: number, centered: boolean): Picture {
  const pixels = (data.x as Uint8Array).slice(row * data.inputs, (row + 1) * data.inputs);
  const taken = { pixels, number: numberOf(row, extent) };
  return { ink: enlarged(pixels), taken, target: data.y[row] ?? null, centered };
}

/** How long the tester rests after a test, in times of that test. */
const RESTS = 2;
/** In milliseconds. */
const LONGEST = 500;

interface Shown {
  readonly base: Accessor<Network>;
  readonly shown: Accessor<Network>;
}

/** The test images and what a worker finds on them: of the whole network once, of the one on show as often as it changes. */
function createTests({ base, shown }: Shown) {
  const [tests, setTests] = createSignal<TestImages>();
  const [full, setFull] = createSignal(false);
  const [fault, setFault] = createSignal("");
  const [results, setResults] = createSignal<ReadonlyMap<Network, Tested>>(new Map());
  const [last, setLast] = createSignal<Tested>();
  let worker: DigitsWorker | undefined;
  let busy: Network | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let loading: { extent: Extent; promise: Promise<TestImages | undefined> } | undefined;

  void hasFull().then(setFull);
  const start = (): DigitsWorker =>
    digitsWorker((reply) => {
      const tested = busy;
      busy = undefined;
      if (reply.kind === "tested" && tested !== undefined) {
        setResults((old) => new Map([...old].slice(-1)).set(tested, reply.tested));
        // Of the whole network, while another one is on show, only the number before is wanted.
        if (tested === shown() || shown() === base()) setLast(reply.tested);
      } else if (reply.kind === "refused") setFault(reply.message);
      // A network that is being trained is another one several times a second; what trains it has the larger share of the machine.
      clearTimeout(rest);
      const pause = reply.kind === "tested" ? Math.min(LONGEST, RESTS * reply.milliseconds) : 0;
      rest = setTimeout(() => {
        rest = undefined;
        next();
      }, pause);
    }, setFault);
  /** One question at a time, and always the newest: the network on show, then the whole one. */
  const next = (): void => {
    if (tests() === undefined || busy !== undefined || rest !== undefined) return;
    const wanted = [shown(), base()].find((n) => !results().has(n));
    if (wanted === undefined || fault() !== "") return;
    busy = wanted;
    worker?.ask({ kind: "test", network: sent(wanted), loss: lossOf(base()) });
  };
  createEffect(() => {
    const found = results().get(shown());
    if (found !== undefined) setLast(found);
    next();
  });
  onCleanup(() => {
    closed = true;
    clearTimeout(rest);
    worker?.close();
  });

  const known = createMemo<Tested | undefined>((before) => results().get(base()) ?? before);
  const load = async (extent: Extent): Promise<TestImages | undefined> => {
    try {
      const data = await loadImages(sourceOf("test", extent));
      if (closed) return undefined;
      setFault("");
      worker?.close();
      clearTimeout(rest);
      rest = undefined;
      busy = undefined;
      worker = start();
      worker.ask({ kind: "images", test: data });
      setResults(new Map());
      setTests({ extent, data });
      next();
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      // Who asks again has it tried again.
      if (loading?.extent === extent) loading = undefined;
    }
    return tests();
  };
  return {
    tests,
    hasFull: full,
    fault,
    tested: last,
    testedWhole: () => results().get(base()),
    known,
    stale: () => tests() !== undefined && !results().has(shown()),
    wantTests(extent: Extent = tests()?.extent ?? "shipped"): Promise<TestImages | undefined> {
      if (loading?.extent !== extent) loading = { extent, promise: load(extent) };
      return loading.promise;
    },
  };
}
