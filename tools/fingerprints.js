// Prints the fingerprints of a fixed set of trainings as JSON, with the version of the Node that ran them:
// node tools/fingerprints.js [KERNELS [THREADS [LANES]]]. By default by readable code; 8 lanes are the option `wide`.
import { fingerprints } from "./trainings.js";

const [kernels = "scalar", threads = "1", lanes = "4"] = process.argv.slice(2);
const figures = await fingerprints({ kernels, threads: Number(threads), lanes: Number(lanes) });
console.log(JSON.stringify({ node: process.version, ...figures }, null, 2));
