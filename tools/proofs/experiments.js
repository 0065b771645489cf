// The three experiments at their default sizes: what README.md says of them, read off their numbers.
import { batchNoise, depth, localMinima } from "talweg/experiment";

/** The depth with the lowest median training loss, where all have the same rate. */
function bestAtEachRate({ depths, learningRates }) {
  return learningRates.map((rate, i) => {
    const medians = depths.map(({ runs }) => median(runs[i].trainLosses));
    return { rate, layers: depths[medians.indexOf(Math.min(...medians))].layers };
  });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function minimaFigures({ networks, dimensions }) {
  return {
    networks: networks.map(({ hidden, parameterCount, best, worst, reachBest, kinds }) => ({
      hidden,
      parameterCount,
      best,
      worst,
      reachBest,
      kinds,
    })),
    dimensions: dimensions.map(({ dimension, points, minima, expected, coinFlip, unseen }) => ({
      dimension,
      points,
      minima,
      expected,
      coinFlip,
      unseen,
    })),
  };
}

function noiseFigures({ valley, network }) {
  return {
    valley: { runs: valley.runs, cells: valley.cells },
    network: {
      hidden: network.hidden,
      minima: network.minima.map(({ dataSeed, best, loss, starts }) => ({ dataSeed, best, loss, starts })),
      cells: network.cells,
    },
  };
}

function depthFigures(result) {
  return {
    data: result.data,
    epochs: result.epochs,
    seeds: result.seeds,
    depths: result.depths.map(({ layers, width, parameterCount, learningRate, trainLoss, testLoss }) => ({
      layers,
      width,
      parameterCount,
      learningRate,
      trainLoss,
      testLoss,
    })),
    bestAtEachRate: bestAtEachRate(result),
  };
}

export default async function prove(report) {
  const minima = minimaFigures(await localMinima());
  const [, three, eight] = minima.networks;
  report(`1-3-1: ${three.reachBest.count} of ${three.reachBest.of} near the best loss`);
  report(`1-8-1: the worst is ${(eight.worst / eight.best).toFixed(3)} times the best`);
  const noise = noiseFigures(await batchNoise());
  const better = noise.network.cells.map((cell) => cell.better.count);
  report(`better runs of ${noise.network.cells[0].better.of} for each batch size: ${better.join(", ")}`);
  const compared = depthFigures(await depth());
  const losses = compared.depths.map(({ trainLoss }) => trainLoss.median);
  report(`median training loss by depth: ${losses.map((loss) => loss.toExponential(2)).join(", ")}`);
  report(
    `best depth at each rate: ${compared.bestAtEachRate.map(({ rate, layers }) => `${layers} at ${rate}`).join(", ")}`,
  );
  const small = noise.valley.cells.filter(({ batchSize }) => batchSize === 1);
  const full = noise.valley.cells.filter((cell) => cell.full);
  const holds =
    three.reachBest.share > 0.5 &&
    three.reachBest.share < 0.75 &&
    eight.worst < 1.1 * eight.best &&
    full.every(({ escaped }) => escaped.count === 0) &&
    small.every(({ escaped }) => escaped.share > 0.25) &&
    better.every((count) => count === 0) &&
    losses.every((loss) => loss >= losses[0]) &&
    new Set(compared.bestAtEachRate.map(({ layers }) => layers)).size > 1;
  return {
    claim:
      "Between half and three quarters of 100 starts of a 1-3-1 network end within 1 % of the best loss, and all of a 1-8-1 network within 10 %; " +
      "noise frees runs from a double well, and none from a network's poor minima; of equally large networks on spirals the shallowest " +
      "has the lowest median loss with each depth's own rate, and another one with one rate for all.",
    holds,
    localMinima: minima,
    batchNoise: noise,
    depth: compared,
  };
}
