/** `talweg resume RUN`: the same as `talweg train --resume RUN`, with the options that a resumed run may have. */
import type { CommandSpec } from "./command.ts";
import { configureStop } from "./stopOptions.ts";
import { trainCommand } from "./trainCommand.ts";
import { configureMachine, configureSaving } from "./trainOptions.ts";

const HELP = `
The run may have been stopped by Ctrl-C, killed, or broken off by a full disk. It ends with the same
bits as one that was never stopped. Of a run that is done it says so.

Examples:
  talweg resume runs/moons
  talweg resume runs/moons --threads 1
  talweg resume mnist.checkpoint.safetensors`;

export const resumeCommand: CommandSpec = {
  name: "resume",
  configure(command) {
    command
      .description("Go on with a training that was stopped or killed, to the same bits.")
      .argument("<run>", "the folder of the run, or a checkpoint")
      .option("--out <file>", "the model: .safetensors or .json; by default where it was to go")
      .option("--plot <file>", "the curve of the loss: .svg or .png");
    configureSaving(command);
    configureMachine(command);
    configureStop(command);
    command.option("--quiet-steps", "with --json: no lines for steps").addHelpText("after", HELP);
  },
  run: ([run], flags, session) => trainCommand.run([undefined], { ...flags, resume: run }, session),
};
