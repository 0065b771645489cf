/** The table of sub-commands, in the order of the help. */
import { activationsCommand } from "./activationsCommand.ts";
import type { CommandSpec } from "./command.ts";
import { convergeCommand } from "./convergeCommand.ts";
import { doctorCommand } from "./doctorCommand.ts";
import { errataCommand } from "./errataCommand.ts";
import { evaluateCommand } from "./evaluateCommand.ts";
import { experimentCommand } from "./experimentCommand.ts";
import { explainCommand } from "./explainCommand.ts";
import { exportCommand } from "./exportCommand.ts";
import { gradcheckCommand } from "./gradcheckCommand.ts";
import { inspectCommand } from "./inspectCommand.ts";
import { labCommand } from "./labCommand.ts";
import { linesearchCommand } from "./linesearchCommand.ts";
import { minimizeCommand } from "./minimizeCommand.ts";
import { predictCommand } from "./predictCommand.ts";
import { reproduceCommand } from "./reproduce.ts";
import { resumeCommand } from "./resumeCommand.ts";
import { runsCommand } from "./runsCommand.ts";
import { trainCommand } from "./trainCommand.ts";

export const commands: readonly CommandSpec[] = [
  trainCommand,
  resumeCommand,
  runsCommand,
  evaluateCommand,
  predictCommand,
  inspectCommand,
  exportCommand,
  explainCommand,
  minimizeCommand,
  linesearchCommand,
  convergeCommand,
  reproduceCommand,
  errataCommand,
  activationsCommand,
  experimentCommand,
  doctorCommand,
  gradcheckCommand,
  labCommand,
];
