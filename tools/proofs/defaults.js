// The default optimizer without any rate or option, on tasks with a pass mark each: accuracy, loss, seeds that are solved, time
// of a step against our own Adam, and that no run ends in NaN. Fashion-MNIST joins in where its data are there (Debian: apt-get install dataset-fashion-mnist).
import { adam, auto, dense, evaluate, mathematics64, network, parabola, train, xor } from "talweg";
import { loadData, loadMnist } from "talweg/node";

const THREE = [1, 2, 3];
const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const mean = (numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const geometricMean = (numbers) => mathematics64.exp(mean(numbers.map((x) => mathematics64.log(x))));

/** Runs that ended in a number that is not finite, over all tasks. */
let diverged = 0;
let runs = 0;

async function trained(model, data, options) {
  const result = await train(model, data, options);
  runs++;
  if (result.reason === "notFinite" || !Number.isFinite(result.loss)) diverged++;
  return result;
}

/** A row of the table; `wanted` is a lower bound where `more` is better, `missed` says why a mark is known to be missed. */
const row = (task, measure, value, wanted, more, rest = {}) => ({
  task,
  measure,
  value,
  wanted,
  passes: more ? value >= wanted : value <= wanted,
  ...rest,
});

async function images(name, load, hidden, marks, report) {
  const [examples, test] = [load("train"), load("test")];
  const rows = [];
  for (const [epochs, wanted] of marks) {
    const accuracies = [];
    for (const seed of THREE) {
      const model = network([dense(784, hidden, "relu"), dense(hidden, 10, "softmax")], { seed });
      await trained(model, examples, { epochs, batchSize: 128 });
      accuracies.push(evaluate(model, test).metrics.accuracy);
    }
    rows.push(
      row(
        `${name} 784-${hidden}-10, batch 128, ${epochs} epochs`,
        "mean test accuracy",
        mean(accuracies),
        wanted,
        true,
        {
          worst: Math.min(...accuracies),
          accuracies,
        },
      ),
    );
    report(`${name}, ${epochs} epochs: ${(100 * mean(accuracies)).toFixed(2)} %`);
  }
  return rows;
}

async function squares(interval, wanted, report, missed = {}) {
  const losses = [];
  for (const seed of TEN) {
    const model = network([dense(1, 12, "relu"), dense(12, 12, "relu"), dense(12, 1, "sigmoid")], { seed });
    const data = parabola({ rows: 1000, interval, seed });
    const { loss } = await trained(model, data, { loss: "sumOfSquares", epochs: 500, batchSize: 32 });
    losses.push(loss);
  }
  const task = `x² on [${interval}], 1-12-12-1, 1,000 examples, 500 epochs`;
  report(`${task}: ${geometricMean(losses).toExponential(1)}, worst ${Math.max(...losses).toExponential(1)}`);
  return [
    row(task, "geometric mean of the loss", geometricMean(losses), wanted, false, { losses }),
    row(task, "worst loss", Math.max(...losses), 1.5e-4, false, missed),
  ];
}

/** Two arms of 1.25 turns from radius 0.1 to 1, 100 points each at equal steps; those shifted by half a step are for testing. */
function arms(shift) {
  const { sin, cos } = mathematics64;
  const x = [];
  const y = [];
  for (let i = 0; i < 200; i++) {
    const t = ((i >> 1) + shift) / 100;
    const angle = 2.5 * Math.PI * t + (i % 2) * Math.PI;
    const radius = 0.1 + 0.9 * t;
    x.push([radius * cos(angle), radius * sin(angle)]);
    y.push([i % 2]);
  }
  return { x, y, classes: ["one", "other"] };
}

/** Ten seeds of a task that is either solved or not. */
async function solvable(task, make, data, options, solved) {
  const results = [];
  for (const seed of TEN) {
    const model = make(seed);
    const result = await trained(model, data(), options);
    results.push({
      seed,
      loss: result.loss,
      solved: solved(model, result, seed),
      challenger: result.challenger ?? null,
    });
  }
  return { task, results, count: results.filter((run) => run.solved).length };
}

async function smallOnes(report) {
  const corners = () => xor();
  const first = await solvable(
    "xor, 2-4-1 tanh, binaryCrossEntropy, 1,000 epochs",
    (seed) => network([dense(2, 4, "tanh"), dense(4, 1, "sigmoid")], { seed }),
    corners,
    { loss: "binaryCrossEntropy", epochs: 1000 },
    (_model, { loss }) => loss < 0.05,
  );
  const second = await solvable(
    "xor, 2-3-1 sigmoid, meanSquaredError, 2,000 epochs",
    (seed) => network([dense(2, 3, "sigmoid"), dense(3, 1, "sigmoid")], { seed }),
    corners,
    { loss: "meanSquaredError", epochs: 2000 },
    (_model, { loss }) => loss < 0.02,
  );
  const third = await solvable(
    "two spirals of 1.25 turns, 2-16-16-1 tanh, 200 examples, 500 epochs",
    (seed) => network([dense(2, 16, "tanh"), dense(16, 16, "tanh"), dense(16, 1, "sigmoid")], { seed }),
    () => arms(0),
    { epochs: 500, batchSize: 32 },
    (model) => evaluate(model, arms(0.5)).metrics.accuracy > 0.98,
  );
  for (const { task, count, results } of [first, second, third]) {
    const challenged = results.filter(({ challenger }) => challenger !== null);
    const accepted = challenged.filter(({ challenger }) => challenger.accepted).length;
    report(`${task}: ${count} of 10 solved, ${challenged.length} challenged, ${accepted} by the challenger`);
  }
  return [
    row(first.task, "worst loss", Math.max(...first.results.map(({ loss }) => loss)), 1e-4, false, first),
    row(second.task, "seeds with a loss below 0.02", second.count, 10, true, second),
    row(third.task, "seeds with over 98 % of test points right", third.count, 9, true, third),
  ];
}

/**
 * Processor time of a step of auto over that of Adam, on one thread, the median of rounds in which both take turns: unlike the
 * clock it does not depend on what else the machine does.
 */
async function speed(task, make, data, options, rounds, report, missed = {}) {
  const seconds = { auto: [], adam: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, optimizer] of [
      ["auto", auto({ challenger: false })],
      ["adam", adam()],
    ]) {
      const model = make();
      const before = process.cpuUsage();
      const { steps } = await trained(model, data, { ...options, optimizer, threads: 1 });
      const { user, system } = process.cpuUsage(before);
      const spent = (user + system) / 1e6;
      // The first round is for warming up.
      if (round > 0) seconds[name].push(spent / steps);
    }
  }
  const ratio = median(seconds.auto) / median(seconds.adam);
  report(`${task}: a step takes ${ratio.toFixed(2)} times that of Adam`);
  return row(task, "processor time of a step over that of Adam", ratio, 1.2, false, { ...missed, seconds });
}

function hasFashion(load) {
  try {
    return load("test").rows === 10_000;
  } catch {
    return false;
  }
}

export default async function prove(report) {
  const oneSeed = {
    missed: "the start of seed 8 ends at 3.7e-4; of the seeds 0 to 39 it is the only one above the mark",
  };
  const rows = await smallOnes(report);
  rows.push(...(await squares([0, 1], 2.5e-5, report)), ...(await squares([-1, 1], 5e-5, report, oneSeed)));
  const mnist = (part) => loadMnist(part);
  rows.push(
    ...(await images(
      "MNIST",
      mnist,
      128,
      [
        [10, 0.979],
        [5, 0.978],
        [1, 0.958],
      ],
      report,
    )),
  );
  const fashion = (part) => loadData("fashion-mnist", { part });
  const isThere = hasFashion(fashion);
  if (isThere) {
    rows.push(
      ...(await images(
        "Fashion-MNIST",
        fashion,
        256,
        [
          [5, 0.881],
          [10, 0.891],
        ],
        report,
      )),
    );
  } else report("Fashion-MNIST: the data are not here, left out");
  const digits = () => network([dense(784, 128, "relu"), dense(128, 10, "softmax")], { seed: 1 });
  rows.push(
    await speed("MNIST, batch 128", digits, mnist("train"), { epochs: 1, batchSize: 128 }, 5, report),
  );
  const tiny = {
    missed:
      "the plan takes many of Adam's steps by itself on a network so small, and those of auto one by one",
  };
  const curve = () =>
    network([dense(1, 12, "relu"), dense(12, 12, "relu"), dense(12, 1, "sigmoid")], { seed: 1 });
  const thousand = parabola({ rows: 1000, interval: [-1, 1], seed: 1 });
  rows.push(await speed("x², batch 32", curve, thousand, { epochs: 200, batchSize: 32 }, 9, report, tiny));
  rows.push(row("all of the above", "runs that diverged", diverged, 0, false, { runs }));
  for (const { task, measure, value, wanted, passes } of rows)
    if (!passes) report(`NOT PASSED: ${task}: ${measure} is ${value}, wanted ${wanted}`);
  return {
    claim:
      "The default optimizer, without any option, passes the mark of each task, but for two that are named with the reason: " +
      "the worst of ten starts of x² on [-1, 1], and the time of a step on that tiny network.",
    holds: rows.every(({ passes, missed }) => passes || missed !== undefined) && diverged === 0,
    leftOut: [
      ...(!isThere ? ["Fashion-MNIST: the data are not there"] : []),
      "scikit-learn's tables: digits, iris, wine, breast cancer, diabetes",
    ],
    rows,
  };
}
